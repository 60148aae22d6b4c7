/** How people are signed out at the issuer. Pure; tested by itself. */
import type { SignoutRedirectArgs } from "oidc-client-ts";

/** Where to go afterwards, once as OIDC names it and once as Cognito does, which takes no other:
 * https://github.com/authts/oidc-client-ts/issues/1385. It must be called without a user, or the token, which is the API's,
 * would stand in the address.
 */
export function signOutRequest(home: string): SignoutRedirectArgs {
  return { post_logout_redirect_uri: home, extraQueryParams: { logout_uri: home } };
}
