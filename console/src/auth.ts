/** Sign-in by the OIDC code flow with PKCE. Tokens stay in this tab (sessionStorage) and go to the API only. */
import { signal } from "@preact/signals";
import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Config } from "./config.ts";
import { signOutRequest } from "./sign-out.ts";

export interface Session {
  readonly name: string;
  /** A token that holds now; renewed where the issuer lets it, else whoever it is is asked to sign in again. */
  token(): Promise<string>;
  /** Ask whoever it is to sign in again; what they were doing waits, and goes on. */
  signInAgain(): Promise<string>;
  signOut(): Promise<void>;
}

/** What signs in again, while that is needed. It opens a window, which browsers allow at a click only. */
export const expired = signal<(() => Promise<void>) | null>(null);

/** The session of this tab, or a way to the issuer's page that never comes back. */
export async function openSession(config: Config): Promise<Session> {
  const home = `${location.origin}/`;
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    scope: "openid profile email",
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
  });
  const query = new URLSearchParams(location.search);
  if (query.has("code") && query.has("state")) await finish(manager);
  const user = await manager.getUser();
  if (!user || (user.expired && !user.refresh_token)) return goToIssuer(manager);
  const renew = shared(() => renewed(manager));
  const signInAgain = shared(() => askToSignIn(manager, user));
  return {
    name: user.profile.name ?? user.profile.email ?? user.profile.sub,
    token: async () => (await keptToken(manager)) ?? (await renew()) ?? signInAgain(),
    signInAgain,
    signOut: async () => {
      await manager.removeUser();
      await manager.signoutRedirect(signOutRequest(home));
    },
  };
}

async function goToIssuer(manager: UserManager): Promise<never> {
  await manager.removeUser();
  await manager.signinRedirect({ state: location.hash });
  return new Promise<never>(() => {});
}

/** Exchange the code, and put back where the person was going. A code that was used already starts over. */
async function finish(manager: UserManager): Promise<void> {
  if (window.opener) return manager.signinPopupCallback();
  let where = "";
  try {
    where = String((await manager.signinCallback())?.state ?? "");
  } catch (error) {
    console.warn("sign-in starts over:", error);
  }
  history.replaceState(null, "", `/${where}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

async function keptToken(manager: UserManager): Promise<string | null> {
  const user = await manager.getUser();
  return (user && !user.expired && user.id_token) || null;
}

async function renewed(manager: UserManager): Promise<string | null> {
  const user = await manager.getUser();
  const fresh = user?.refresh_token ? await manager.signinSilent().catch(() => null) : null;
  return fresh?.id_token ?? null;
}

/** However many ask at once, it is done once for all of them. */
function shared<T>(act: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= act().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

/** The page stays as it is, with whatever was written in it, unless it is somebody else who comes. */
function askToSignIn(manager: UserManager, before: User): Promise<string> {
  return new Promise((done) => {
    expired.value = async () => {
      const user = await manager.signinPopup();
      if (user.profile.sub !== before.profile.sub) location.reload();
      expired.value = null;
      done(user.id_token ?? "");
    };
  });
}
