/** What the page must know before anybody signed in; the deployment writes it beside the page. */
export interface Config {
  readonly issuer: string;
  readonly clientId: string;
  readonly api: string;
  /** Address of a MapLibre style for the map's ground; empty for none. */
  readonly tiles: string;
}

export async function readConfig(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return (await response.json()) as Config;
}
