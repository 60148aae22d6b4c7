/** Sign-in by the OIDC code flow with PKCE. Tokens stay in this tab (sessionStorage) and go to the API only. */
import { UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Config } from "./config.ts";

export interface Session {
  readonly name: string;
  /** A token that holds now; renewed where the issuer lets it, else whoever it is must sign in again. */
  token(): Promise<string>;
  signOut(): Promise<void>;
  signInAgain(): Promise<never>;
}

/** The session of this tab, or a way to the issuer's page that never comes back. */
export async function openSession(config: Config): Promise<Session> {
  const manager = new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: `${location.origin}/`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: "openid profile email",
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
  });
  const signInAgain = () => goToIssuer(manager);
  const query = new URLSearchParams(location.search);
  if (query.has("code") && query.has("state")) await finish(manager);
  const user = (await manager.getUser()) ?? (await signInAgain());
  return {
    name: user.profile.name ?? user.profile.email ?? user.profile.sub,
    token: () => freshToken(manager),
    signOut: () => manager.signoutRedirect(),
    signInAgain,
  };
}

async function goToIssuer(manager: UserManager): Promise<never> {
  await manager.removeUser();
  await manager.signinRedirect({ state: location.hash });
  return new Promise<never>(() => {});
}

/** Exchange the code, and put back where the person was going. A code that was used already starts over. */
async function finish(manager: UserManager): Promise<void> {
  let where = "";
  try {
    where = String((await manager.signinCallback())?.state ?? "");
  } catch (error) {
    console.warn("sign-in starts over:", error);
  }
  history.replaceState(null, "", `/${where}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

async function freshToken(manager: UserManager): Promise<string> {
  const user = await manager.getUser();
  if (user && !user.expired && user.id_token) return user.id_token;
  const renewed = user?.refresh_token ? await manager.signinSilent().catch(() => null) : null;
  return renewed?.id_token ?? goToIssuer(manager);
}
