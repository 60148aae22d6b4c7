"""The words of the impact assessment, in Vietnamese and English; a test holds them to what it has to tell."""

from chalicelib.domain.alerts.words import Words
from chalicelib.domain.retention import DataClass

PROCESSED: dict[DataClass, Words] = {
    DataClass.FRAMES: Words("Ảnh chụp từ camera", "Frames of cameras"),
    DataClass.EVIDENCE: Words("Ảnh bằng chứng của sự cố", "Pictures of incidents"),
    DataClass.UNCONFIRMED: Words("Ảnh của nghi vấn chưa được xác nhận", "Pictures of candidates that nobody confirmed"),
    DataClass.HELD: Words("Ảnh được lệnh giữ lại", "Frames under a legal hold"),
    DataClass.INCIDENTS: Words("Sự cố và diễn biến", "Incidents and their timelines"),
    DataClass.CANDIDATES: Words("Nghi vấn không được xác nhận", "Candidates that nobody confirmed"),
    DataClass.PORTRAITS: Words(
        "Ảnh và mẫu sinh trắc học của người trong danh sách", "Portraits and templates of listed people"
    ),
    DataClass.READINGS: Words("Trạng thái camera, số đo giao thông", "Cameras' states and traffic"),
    DataClass.RECORDED: Words("Kết quả xem lại ảnh cũ (không có khuôn mặt)", "What recorded frames showed (no faces)"),
    DataClass.REPORTS: Words("Báo cáo ngày", "Daily reports"),
    DataClass.LEDGER: Words("Sổ danh sách, không có sinh trắc học", "Ledger of the lists, without biometrics"),
    DataClass.AUDIT: Words("Nhật ký kiểm tra", "Audit"),
    DataClass.ACCESS_LOGS: Words("Nhật ký truy cập kho dữ liệu", "Access logs of the stores"),
}

SINCE = {
    "capture": "lúc chụp",
    "last change of the incident": "thay đổi cuối của sự cố",
    "opening of the candidate": "lúc mở nghi vấn",
    "end of the hold": "khi hết lệnh giữ",
    "last change": "thay đổi cuối",
    "end of the entry": "khi mục kết thúc",
    "reading": "lúc đo",
    "run": "lúc xem lại",
    "day": "ngày của báo cáo",
    "act": "lúc thực hiện",
    "request": "lúc truy cập",
}
"""From when terms run, by the table's own words for it."""

PLACES = {
    "frames": "ảnh chụp",
    "incidents": "sự cố",
    "pictures without faces": "ảnh đã che khuôn mặt",
    "sealed originals": "ảnh gốc được niêm phong",
    "cameras": "camera",
    "portraits, templates": "ảnh và mẫu sinh trắc học",
    "lists, authorisations, ledger": "danh sách, cho phép, sổ",
    "audit": "nhật ký kiểm tra",
    "region": "vùng",
}

COUNTS = {
    "cameras": "camera",
    "cameras designated for faces": "camera được chỉ định tìm khuôn mặt",
    "entries that were listed": "mục đã có trong danh sách",
    "authorisations that were in force": "cho phép đã có hiệu lực",
    "of these in an emergency": "trong đó khẩn cấp",
    "legal holds now": "lệnh giữ hiện có",
    "incidents": "sự cố",
    "camera-hours searched": "giờ camera đã tìm",
}

OUTCOMES = (
    Words("", ""),
    Words("đã mở", "opened"),
    Words("đã xác nhận", "confirmed"),
    Words("báo nhầm", "false"),
    Words("không ai xác minh", "lapsed"),
    Words("khác", "other"),
    Words("tỷ lệ báo nhầm", "false share"),
)

TITLE = Words("Đánh giá tác động: các số liệu", "Impact assessment: the facts")
NOBODY = Words("Không nêu tên ai.", "It names nobody.")
WHAT = Words("Dữ liệu gì, giữ bao lâu, tính từ khi nào", "What is processed, how long, counted from")
WHERE = Words("Lưu ở đâu", "Where it lies")
WHOM = Words("Ai được làm gì", "Who may do what")
HOW_WELL = Words("Chính xác đến đâu, theo quyết định của con người", "How well, by what people decided")
GROUPS = {
    "camera": Words("Nghi vấn theo camera", "Candidates by camera"),
    "area": Words("Nghi vấn theo địa bàn", "Candidates by area"),
    "list": Words("Nghi vấn theo danh sách", "Candidates by list"),
}
HOW_MUCH = Words("Bao nhiêu", "How much")
ACTS = Words("Các hành vi trong nhật ký kiểm tra", "Acts in the audit")
QUESTIONS = Words("Con người phải trả lời", "For people to answer")
NONE = Words("Không có.", "None.")
DAYS = Words("{:g} ngày", "{:g} days")
DAY = Words("1 ngày", "1 day")
AT_ONCE = Words("xoá ngay", "erased at once")
FOREVER = Words("không xoá", "not deleted")
ASKED = (
    Words("Vì sao cần, và vì sao cách ít xâm phạm hơn không đủ?", "Why is it needed, and why does less not do?"),
    Words("Người dân được thông báo ở đâu và bằng cách nào?", "Where and how are people told of it?"),
    Words("Nhóm người nào bị ảnh hưởng nhiều hơn, và làm gì để tránh?", "Who is affected more, and what is done?"),
    Words("Ai đã duyệt bản này, ngày nào?", "Who approved this page, and when?"),
)
