/** What the API has against a request, field by field, in the reader's language.
 *
 * tests/console/test_refusals.py holds the sentences to those that the API has.
 */
import type { Problem } from "../api/types.ts";
import { word } from "./index.ts";
import { type Sentences, said } from "./sentences.ts";

const OF_FIELDS: Sentences = [
  [/^field required$/, "còn thiếu"],
  [/^string should have at least (\S+) characters?$/, "cần ít nhất $1 ký tự"],
  [/^string should have at most (\S+) characters?$/, "nhiều nhất $1 ký tự"],
  [/^tuple should have at least (\S+) items? after validation, not \S+$/, "cần ít nhất $1 mục"],
  [/^tuple should have at most (\S+) items? after validation, not \S+$/, "nhiều nhất $1 mục"],
  [/^input should be greater than or equal to (\S+)$/, "không được nhỏ hơn $1"],
  [/^input should be less than or equal to (\S+)$/, "không được lớn hơn $1"],
  [/^string should match pattern .+$/, "viết chưa đúng mẫu"],
  [/^value error, write it as in RFC 3339$/, "ngày giờ chưa đúng"],
  [/^input should be a valid .+$/, "không đúng kiểu dữ liệu"],
  [/^input should be '.+$/, "không có lựa chọn này"],
  [/^extra inputs are not permitted$/, "thừa"],
  [/^needs a profile with vehicles$/, "cần hồ sơ camera có đếm xe"],
  [/^'(.+)' is there (\S+) times$/, "có $2 mục cùng tên $1"],
];

const OF_RULES: Sentences = [
  [/^nobody under 18 may be on list '(.+)'$/, "người dưới 18 tuổi không được vào danh sách $1"],
  [
    /^an entry of list '(.+)' may run 1 to (\S+) hours, not (\S+)$/,
    "danh sách $1 cho từ 1 đến $2 giờ, không phải $3",
  ],
  [/^no such list: '(.+)'$/, "không có danh sách $1"],
  [/^an? (?:entry|authorisation) needs its (.+)$/, "một ô còn trống"],
  [
    /^an authorisation names its cameras and lists, one at least of each$/,
    "cần ít nhất một camera và một danh sách",
  ],
  [
    /^an authorisation runs for at most (\S+) days, and ends after it begins$/,
    "nhiều nhất $1 ngày, và kết thúc sau khi bắt đầu",
  ],
  [/^entry '.+' has no portrait that passed the quality gate$/, "chưa có ảnh nào đạt yêu cầu"],
  [/^entry '.+' was approved without photograph '.+'$/, "hồ sơ đã được duyệt khi chưa có ảnh này"],
  [/^entry '.+' is over$/, "hồ sơ đã hết hạn"],
  [/^(?:entry|request) '.+' is \S+$|^entry '.+' is \S+, not \S+$/, "người khác vừa quyết định, hãy xem lại"],
  [/^authorisation '.+' is over$/, "giấy phép đã hết hạn"],
  [/^authorisation '.+' was decided before$/, "giấy phép đã được quyết định trước đó"],
  [
    /^'.+' asked for (?:entry|authorisation) '.+' and can't decide on it$/,
    "người đề nghị không được tự quyết định",
  ],
  [
    /^a hold is on incident\/<id> or entry\/<id>, not on '(.+)'$/,
    "chỉ giữ được incident/… hoặc entry/…, không phải $1",
  ],
  [/^a hold needs a reason$/, "lệnh giữ cần có lý do"],
  [/^hold '.+' was lifted before$/, "lệnh giữ đã được gỡ trước đó"],
  [
    /^a request names an incident, an entry, or where and when: nobody's face is searched for$/,
    "yêu cầu phải nêu sự cố, hồ sơ, hoặc nơi và lúc: không ai bị tìm bằng khuôn mặt",
  ],
  [/^a request can't have been received later than now$/, "ngày nhận không thể sau bây giờ"],
  [
    /^a sighting ends after it begins, and within a day: '(.+)'$/,
    "lần có mặt phải kết thúc sau khi bắt đầu, trong vòng một ngày: $1",
  ],
  [/^a refusal needs a text that says why$/, "từ chối thì phải nói vì sao"],
  [/^request '.+' is \S+: there is no erasure to report$/, "yêu cầu này không có gì để xóa"],
  [/^an incident that is (.+) can't take '(.+)'$/, "tình trạng hiện nay không cho phép việc này"],
  [
    /^you saw version \S+(?: of this incident)?, it is at \S+ by now: look again$/,
    "đã thay đổi từ lúc bạn xem, hãy xem lại",
  ],
  [
    /^you have confirmed this candidate already: somebody else has to confirm it too$/,
    "bạn đã xác nhận rồi: cần thêm một người khác",
  ],
  [
    /^a candidate that was not confirmed can't be reopened$/,
    "nghi vấn chưa được xác nhận thì không mở lại được",
  ],
  [/^'.+' is nothing that people do to an incident$/, "không có việc này"],
  [/^say to which units the incident goes$/, "hãy chọn đơn vị nhận"],
  [/^there is no unit '(.+)'$/, "không có đơn vị $1"],
  [/^say to whom the incident is assigned$/, "hãy nêu người được giao"],
  [/^the procedure for \S+ has no step '(.+)'$/, "quy trình không có bước $1"],
  [/^step '.+' is ticked off already$/, "bước này đã được đánh dấu"],
  [/^a comment needs a text$/, "ghi chú còn trống"],
  [/^say why: .+$/, "hãy chọn lý do"],
  [/^the reason 'other' needs a text that says which$/, "lý do khác thì phải viết rõ"],
  [
    /^whether faces are looked for on a camera needs the permission \S+$/,
    "chỉ quản trị viên được đổi camera có nhận diện khuôn mặt hay không",
  ],
  [/^there is no (?:incident|entry) (\S+)$/, "không có $1"],
];

/** The field of a place, such as `masks` of `body.masks[2].kinds`. */
export function fieldOf(at: string): string {
  return at.split(/[.[]/)[1] ?? at;
}

export function fieldProblem(problem: string): string {
  return said(OF_FIELDS, problem);
}

/** A sentence for each thing that doesn't hold. */
export function refusals({ errors, detail }: Problem): readonly string[] {
  if (errors?.length) return errors.map((one) => `${nameOf(one.at)}: ${fieldProblem(one.problem)}`);
  const sentence = detail.charAt(0).toLowerCase() + detail.slice(1).replace(/\.$/, "");
  const told = said(OF_RULES, sentence);
  return [told.charAt(0).toUpperCase() + told.slice(1)];
}

/** A field as its form calls it, with its number where there are several. */
function nameOf(at: string): string {
  const number = /^\w+\.\w+(?:\[|\.)(\d+)/.exec(at)?.[1];
  const name = word("field", fieldOf(at));
  return number === undefined ? name : `${name} ${Number(number) + 1}`;
}
