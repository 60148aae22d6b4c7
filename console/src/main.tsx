/** Starts the page: settings, sign-in, who it is, then everything that goes on by itself. */
import { type JSX, render } from "preact";
import { Api } from "./api/client.ts";
import type { Me } from "./api/types.ts";
import { openSession } from "./auth.ts";
import { readConfig } from "./config.ts";
import { t } from "./i18n/index.ts";
import { SignInAgain } from "./parts/sign-in-again.tsx";
import { Shell } from "./shell.tsx";
import { startAlarm } from "./state/alarm.ts";
import { me, setApp, tick } from "./state/app.ts";
import { POLL_MS, poll } from "./state/incidents.ts";
import { startKeys } from "./state/keys.ts";
import { every } from "./state/polled.ts";
import "./styles/index.css";
import { readNames } from "./state/names.ts";

const NAMES_MS = 30_000;
const root = document.getElementById("app") as HTMLElement;

function show(page: JSX.Element): void {
  render(
    <>
      {page}
      <SignInAgain />
    </>,
    root,
  );
}

async function start(): Promise<void> {
  const config = await readConfig();
  const session = await openSession(config);
  const api = new Api(config.api, session);
  setApp({ api, session, config });
  me.value = await api.get<Me>("/me");
  show(<Shell />);
  every(1000, tick);
  every(POLL_MS, poll);
  every(NAMES_MS, readNames);
  startAlarm();
  startKeys();
}

show(<p class="notice">{t("app.starting")}</p>);
start().catch((error) => {
  console.error(error);
  show(
    <div class="notice" role="alert">
      <p>{t("app.failed")}</p>
      <button type="button" onClick={() => location.reload()}>
        {t("app.reload")}
      </button>
    </div>,
  );
});
