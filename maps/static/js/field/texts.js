/** Sentences of the field page. */

const zh = {
  fieldMap: "我周围的地图", locateAgain: "重新定位", whereTitle: "我在哪里", otherPosition: "用其他坐标", fieldActions: "操作",
  report: "上报", sentTitle: "我上报的", locating: "正在定位…", asking: "正在查询此处由谁负责…", noFix: "未能取得位置", noFixBody: "请允许定位，或在地图上点选，或输入坐标。",
  chiefHere: "街巷长", noChiefHere: "空缺", accuracyHere: "精度约 {metres} 米", accuracyUnknown: "手动选定的位置",
  outsideArea: "此处（{here}）在您的辖区（{own}）之外。上报仍会交给此处的责任单位。", outsideOwn: "此处（{here}）不在您的责任区内。上报仍会交给此处的责任单位。",
  lastKnown: "上次结果 ·", reportsFrom: "上报将使用现在的位置：{place}", noNetwork: "连接不上服务。恢复后自动重试；现在仍可上报，随后自动发送。", noAnswerNow: "服务暂时没有回答。现在仍可上报，随后自动发送。",
  roughFix: "定位误差较大，可能不在这个网格。请到开阔处重新定位，或在地图上点选。",
  datumAdvice: "请核对设备的坐标系设置，或在地图上点选位置。",
  reportTitle: "上报案件", reportPlace: "地点：{place}",
  words: "情况说明（可不填）", send: "发送", sending: "正在发送…",
  sentAs: "已登记 {number}", whoAnswers: "由 {lead} 牵头", another: "再报一件", done: "完成",
  waitingOne: "{count} 件待发送 · {time}", retrySend: "立即重发", sendFailed: "未能发送：{reason}",
  photoFailed: "案件已登记，照片未传上：{reason}", photosFailed: "案件已登记，{count} 张照片传上 {arrived} 张。{which}", retryPhoto: "重传照片", otherPhoto: "换照片", photoInstead: "补传照片", withoutPhoto: "不附照片", withoutMore: "不再补传", discard: "放弃", discardSure: "再点一次：放弃此件", sentSignIn: "登录后可查看自己上报的案件。", nothingSent: "还没有上报过案件", nothingSentBody: "点下方“上报”，最多四步。",
  signInToReport: "登录后上报", mayNotReport: "当前角色不能上报案件", placeLabel: "坐标：经度在前，纬度在后", placeHint: "经度, 纬度", goThere: "查询",
  badPlace: "请写成「经度, 纬度」，例如 {example}。", swappedPlace: "看起来纬度在前；请写成「{lon}, {lat}」。", sentMore: "更早的", queued: "已保存，网络恢复后自动发送。", otherAccount: "由 {login} 填写：请用该账号登录后发送。",
};

const en = {
  fieldMap: "Map around me", locateAgain: "Locate again", whereTitle: "Where am I", otherPosition: "Use other coordinates", fieldActions: "Actions",
  report: "Report", sentTitle: "My reports", locating: "Locating…", asking: "Asking who answers here…", noFix: "No position yet", noFixBody: "Allow locating, tap the map, or enter coordinates.",
  chiefHere: "Chief", noChiefHere: "vacant", accuracyHere: "accurate to about {metres} m", accuracyUnknown: "place chosen by hand",
  outsideArea: "This place ({here}) is outside your area ({own}). A report still goes to who answers here.",
  outsideOwn: "This place ({here}) is not in your territory. A report still goes to who answers here.",
  lastKnown: "Last known answer ·", reportsFrom: "A report goes from where you are now: {place}",
  noNetwork: "The service cannot be reached. It is asked again by itself; you can report all the same, it is sent later.",
  noAnswerNow: "The service has no answer just now. You can report all the same, it is sent later.",
  roughFix: "The fix is rough and may be another cell. Locate again in the open, or tap the map.",
  datumAdvice: "Check the datum that the device is set to, or tap the map.",
  reportTitle: "Report an incident", reportPlace: "Place: {place}",
  words: "What is the matter (optional)", send: "Send", sending: "Sending…",
  sentAs: "Recorded as {number}", whoAnswers: "{lead} leads", another: "Report another", done: "Done",
  waitingOne: "{count} waiting · {time}", retrySend: "Send now", sendFailed: "Not sent: {reason}",
  photoFailed: "Recorded, but the photo did not arrive: {reason}", photosFailed: "Recorded with {arrived} of {count} photos. {which}", retryPhoto: "Send the photos again", otherPhoto: "{count|Another photo|Other photos}", photoInstead: "{count|Replace it|Replace them}", withoutPhoto: "Without photo", withoutMore: "Leave it so", discard: "Discard", discardSure: "Tap again to discard it", sentSignIn: "Sign in to see what you reported.", nothingSent: "Nothing reported yet",
  nothingSentBody: "Tap Report below: four taps at most.",
  signInToReport: "Sign in to report", mayNotReport: "This role may not report", placeLabel: "Coordinates: longitude, then latitude", placeHint: "longitude, latitude",
  goThere: "Find", badPlace: "Write longitude, latitude, for example {example}.", swappedPlace: "This looks like latitude first; write {lon}, {lat}.", sentMore: "Earlier", queued: "Kept here; it is sent by itself.", otherAccount: "Written by {login}: sign in as they to send it.",
};

export const TEXTS = { zh, en };
