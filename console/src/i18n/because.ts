/** Why a unit was told, in the reader's language. */
import { kindName, kinds } from "../state/names.ts";
import { language } from "./index.ts";
import { type Sentences, said } from "./sentences.ts";

const SENTENCES: Sentences = [
  [/^the operations centre hears of everything$/, "trung tâm điều hành được báo mọi sự cố"],
  [/^route (\S+): role (\S+) covers (.+)$/, "quy tắc $1: vai trò $2 phụ trách $3"],
  [
    /^no route for (\S+) of severity (\S+) reaches a unit in (.+)$/,
    "không quy tắc nào cho $1 mức $2 tới được đơn vị ở $3",
  ],
  [/^step (\d+): nobody acknowledged in time$/, "bước $1: chưa ai nhận đúng hạn"],
  [/^handed over by hand$/, "được chuyển giao trực tiếp"],
  [/^it calls (.+), but no such unit covers (.+)$/, "gọi $1, nhưng không đơn vị nào như vậy phụ trách $2"],
  [/^it calls (.+)$/, "gọi $1"],
  [/^it is for (.+)$/, "chỉ dành cho $1"],
  [/^it doesn't hold in (.+)$/, "không áp dụng ở $1"],
  [/^it begins at severity (.+)$/, "chỉ từ mức $1"],
  [/^it holds (.+), not on (.+)$/, "áp dụng $1, không phải lúc $2"],
];

const ROLES: Readonly<Record<string, string>> = {
  ioc: "trung tâm điều hành",
  ward_police: "công an phường",
  city_police: "công an tỉnh",
  fire: "cảnh sát chữa cháy",
  traffic: "cảnh sát giao thông",
  drainage: "thoát nước",
  environment: "môi trường",
  technical: "kỹ thuật camera",
};

export function because(reason: string): string {
  return said(SENTENCES, reason).replace(/[\w-]+/g, nameOf);
}

/** A role or a kind by its name, anything else as it is. */
function nameOf(id: string): string {
  if (kinds.value.has(id)) return kindName(id);
  return (language.value === "vi" && ROLES[id]) || id;
}
