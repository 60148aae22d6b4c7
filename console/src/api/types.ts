/** The API's own words, out of its OpenAPI description at every build: what doesn't fit it doesn't compile. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Incident = Schemas["IncidentView"];
export type TimelineEvent = Schemas["EventView"];
export type Timeline = Schemas["Timeline"];
export type CommandWish = Schemas["CommandWish"];
export type ReviewWish = Schemas["ReviewWish"];
export type Camera = Schemas["CameraView"];
export type Unit = Schemas["UnitView"];
export type Entry = Schemas["EntryView"];
export type EntryWish = Schemas["EntryWish"];
export type Authorisation = Schemas["AuthorisationView"];
export type AuditRecord = Schemas["RecordView"];
export type Evidence = Schemas["EvidenceList"];
export type Exhibit = Schemas["ExhibitView"];
export type Unsealed = Schemas["Unsealed"];
export type Comparison = Schemas["Comparison"];
export type CameraSettings = Schemas["CameraSettings"];
export type CameraSettingsWish = Schemas["CameraSettingsWish"];
export type CameraPicture = Schemas["PictureView"];
export type Schedule = Schemas["ScheduleView"];
export type DayOfWeek = Schemas["HoursView"]["days"][number];
export type Kind = Schemas["KindView"];
export type Category = Schemas["CategoryView"];
export type City = Schemas["CityView"];
export type PackDiff = Schemas["PackDiff"];
export type PackChange = Schemas["PackChangeView"];
export type PackApplied = Schemas["PackApplied"];
export type PhotographForm = Schemas["PhotographForm"];
export type Hold = Schemas["HoldView"];
export type SubjectRequest = Schemas["SubjectRequestView"];
export type Findings = Schemas["Findings"];
export type Statistics = Schemas["StatisticsView"];
export type Area = Schemas["AreaView"];
export type AreaOutline = Schemas["AreaOutline"];
export type Routing = Schemas["RoutingView"];
export type Me = Schemas["Me"];
export type Problem = Schemas["Problem"];
export type Action = Schemas["Action"];
export type Status = Schemas["Status"];
export type Reason = Schemas["Reason"];
export type Permission = Schemas["Permission"];
export type Handling = CommandWish["action"];
export type Severity = "minor" | "moderate" | "severe" | "extreme";

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}
