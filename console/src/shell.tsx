/** The frame around every page: where to go, who is there, whether the city is heard, and what was just said. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect } from "preact/hooks";
import type { Permission } from "./api/types.ts";
import { type Key, language, t, time } from "./i18n/index.ts";
import { Icon, type IconName } from "./parts/icons.tsx";
import { KeysDialog } from "./parts/keys-dialog.tsx";
import { path } from "./route.ts";
import { calling, sound, toggleSound } from "./state/alarm.ts";
import { app, may } from "./state/app.ts";
import { candidates, heardAt, lost } from "./state/incidents.ts";
import { showKeys } from "./state/keys.ts";
import { notices, unsay } from "./state/notices.ts";
import { Board } from "./views/board.tsx";
import { IncidentPage } from "./views/incident.tsx";

const MapPage = lazy(() => import("./views/map.tsx"));
const Candidates = lazy(() => import("./views/candidates.tsx"));
const CamerasPage = lazy(() => import("./views/cameras.tsx"));
const CameraPage = lazy(() => import("./views/camera.tsx"));
const FiguresPage = lazy(() => import("./views/figures.tsx"));
const ShiftPage = lazy(() => import("./views/shift.tsx"));
const RoutingPage = lazy(() => import("./views/routing.tsx"));
const LawPage = lazy(() => import("./views/law.tsx"));
const PersonalDataPage = lazy(() => import("./views/personal-data.tsx"));
const CityPage = lazy(() => import("./views/city.tsx"));
const AuditPage = lazy(() => import("./views/audit.tsx"));

interface Place {
  readonly path: string;
  readonly key: Key;
  readonly needs: Permission;
  readonly page: () => JSX.Element;
}

const PLACES: readonly Place[] = [
  { path: "", key: "nav.board", needs: "incident.read", page: () => <Board /> },
  { path: "candidates", key: "nav.candidates", needs: "candidate.review", page: () => <Candidates /> },
  { path: "map", key: "nav.map", needs: "camera.read", page: () => <MapPage /> },
  { path: "cameras", key: "nav.cameras", needs: "camera.read", page: () => <CamerasPage /> },
  { path: "figures", key: "nav.figures", needs: "statistics.read", page: () => <FiguresPage /> },
  { path: "shift", key: "nav.shift", needs: "incident.command", page: () => <ShiftPage /> },
  { path: "law", key: "nav.law", needs: "watchlist.read", page: () => <LawPage /> },
  { path: "personal", key: "nav.personal", needs: "evidence.hold", page: () => <PersonalDataPage /> },
  { path: "city", key: "nav.city", needs: "city.apply", page: () => <CityPage /> },
  { path: "audit", key: "nav.audit", needs: "audit.read", page: () => <AuditPage /> },
  { path: "routing", key: "nav.routing", needs: "city.read", page: () => <RoutingPage /> },
];

export function Shell() {
  const places = PLACES.filter((one) => may(one.needs));
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("app.skip")}
      </button>
      <header class="bar">
        <a class="brand" href="#/">
          <img src="/favicon.svg" alt="" width="26" height="26" />
          <span>{t("app.name")}</span>
        </a>
        <nav aria-label={t("nav.label")}>
          {places.map((one) => (
            <a key={one.path} href={`#/${one.path}`} aria-current={isHere(one) ? "page" : undefined}>
              {t(one.key)}
              <Badge place={one} />
            </a>
          ))}
        </nav>
        <div class="end">
          {may("incident.read") && <Link />}
          <Controls />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<p class="notice">{t("app.starting")}</p>}>
          <Page places={places} />
        </Suspense>
      </main>
      <Notices />
      <p class="unseen" role="status">
        {calling.value.length ? t("board.new", { n: calling.value.length }) : ""}
      </p>
      {showKeys.value && <KeysDialog />}
    </>
  );
}

function Page({ places }: { places: readonly Place[] }) {
  const [first = "", id = ""] = path.value;
  useEffect(() => arrive(), [first, id]);
  if (first === "incidents" && id) return <IncidentPage key={id} id={id} />;
  if (first === "cameras" && id && may("camera.read")) return <CameraPage key={id} id={id} />;
  const place = places.find((one) => one.path === first) ?? places[0];
  return place ? place.page() : <p class="notice">{t("board.none_allowed")}</p>;
}

/** Begin at the top; whoever's focus went with the page before goes on from the new one. */
function arrive(): void {
  scrollTo(0, 0);
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (document.activeElement === document.body)
    document.getElementById("main")?.focus({ preventScroll: true });
}

function isHere(place: Place): boolean {
  const first = path.value[0] ?? "";
  return place.path === (first === "incidents" ? "" : first);
}

function Badge({ place }: { place: Place }) {
  const count =
    place.path === "" ? calling.value.length : place.path === "candidates" ? candidates.value.length : 0;
  return count ? <span class="badge">{count}</span> : null;
}

/** Whether what is shown is now, and if not, since when. */
function Link() {
  const since = heardAt.value ? t("link.since", { time: time(heardAt.value) }) : "";
  return (
    <span class={lost.value ? "link lost" : "link"} role={lost.value ? "alert" : undefined} title={since}>
      <i aria-hidden="true" />
      <span>{lost.value ? `${t("link.lost")} (${since})` : t("link.ok")}</span>
    </span>
  );
}

const wall = signal(new URLSearchParams(location.search).has("wall"));

function Controls() {
  useEffect(() => {
    document.documentElement.toggleAttribute("data-wall", wall.value);
  }, [wall.value]);
  return (
    <div class="controls">
      {may("incident.read") && (
        <Toggle
          label={sound.value ? t("bar.sound.on") : t("bar.sound.off")}
          icon={sound.value ? "bell" : "bellOff"}
          on={sound.value}
          act={toggleSound}
        />
      )}
      <Toggle label={t("bar.wall")} icon="wall" on={wall.value} act={toggleWall} />
      <Toggle label={t("bar.theme")} icon="theme" act={toggleTheme} />
      <Toggle label={t("bar.help")} icon="keys" act={openKeys} />
      <button type="button" class="quiet language" lang={other()} onClick={() => (language.value = other())}>
        {t("bar.language")}
      </button>
      <span class="person" title={app().session.name}>
        {app().session.name}
      </span>
      <button type="button" class="quiet" onClick={() => app().session.signOut()}>
        {t("bar.sign_out")}
      </button>
    </div>
  );
}

/** Of no use on a phone. */
const DESK: readonly IconName[] = ["wall", "keys"];

interface ToggleProps {
  readonly label: string;
  readonly icon: IconName;
  readonly act: () => void;
  readonly on?: boolean;
}

function Toggle({ label, icon, act, on }: ToggleProps) {
  return (
    <button
      type="button"
      class={`quiet icon${DESK.includes(icon) ? " desk" : ""}`}
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}

function Notices() {
  return (
    <div class="notices" aria-live="polite">
      {notices.value.map((one) => (
        <div key={one.id} class={`said ${one.sort}`}>
          <div>
            <strong>{one.title}</strong>
            {one.text && <p>{one.text}</p>}
          </div>
          <button type="button" class="quiet icon" aria-label={t("keys.close")} onClick={() => unsay(one.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}

const other = () => (language.value === "vi" ? "en" : "vi");

function toggleWall(): void {
  wall.value = !wall.value;
  if (wall.value) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) void document.exitFullscreen();
}

function toggleTheme(): void {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("matpho.theme", root.dataset.theme);
}

function openKeys(): void {
  showKeys.value = true;
}

document.documentElement.dataset.theme = localStorage.getItem("matpho.theme") ?? "dark";
