import assert from "node:assert/strict";
import test from "node:test";
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from "oidc-client-ts";
import { signOutRequest } from "./sign-out.ts";

const HOME = "https://d1.cloudfront.net/";
const LOGOUT = "https://matpho-city.auth.ap-southeast-1.amazoncognito.com/logout";

/** https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html */
test("Cognito is told who signs out and where to, and no token", async () => {
  const client = new OidcClient({
    authority: "https://cognito-idp.ap-southeast-1.amazonaws.com/pool",
    client_id: "console",
    redirect_uri: HOME,
    metadata: { end_session_endpoint: LOGOUT },
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  });
  const { origin, pathname, searchParams } = new URL(
    (await client.createSignoutRequest(signOutRequest(HOME))).url,
  );
  assert.equal(origin + pathname, LOGOUT);
  assert.deepEqual(Object.fromEntries(searchParams), {
    client_id: "console",
    logout_uri: HOME,
    post_logout_redirect_uri: HOME,
  });
});
