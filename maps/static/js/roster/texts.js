/** Sentences of the roster page. */

const zh = {
  rosterTabs: "名册视图", rosterSide: "详情与地图", tabPosts: "岗位与人员", tabShifts: "值班", tabVacancies: "空缺", tabMatrix: "权责矩阵", tabImport: "导入",
  findPost: "按姓名、岗位或对象筛选", allRoles: "全部岗位", post: "岗位", target: "对象", holder: "任职人", heldSince: "自", standInShort: "代理", nobody: "空缺",
  count: "{shown} / {total} 条", more: "显示更多", loadFailed: "名册未能载入：{reason}", choosePost: "选一个岗位，查看任职与历史。",
  changeHolder: "变更任职人…", leaveVacant: "自该日起空缺", newHolder: "新任职人", findPerson: "姓名或编号", fromDay: "生效日期", standInField: "代理人（可不填）",
  reason: "说明", preview: "预览变更", apply: "确认变更", applied: "已变更，名册第 {revision} 次修订", nothingChanges: "没有变化", blocked: "有 {count} 项问题阻止变更，请先处理。",
  added: "新增 {count}", changed: "修改 {count}", removed: "移除 {count}", field: "字段", before: "原值", after: "新值", history: "历史", open: "至今",
  allTargets: "此人负责的全部对象", showTargets: "在地图上显示", mayNotWrite: "当前账号只能查看；请登录名册管理员。", noRoster: "没有查看名册的权限", signInFirst: "请登录后查看。",
  noVacancies: "这一天没有空缺岗位", vacancyHint: "空缺的岗位由上一级负责。", fill: "任命…", weekOf: "{date} 这一周", previousWeek: "上一周", nextWeek: "下一周", noShifts: "这一周没有值班安排",
  addShift: "新增值班…", startsAt: "开始", endsAt: "结束", dutyOf: "部门或岗位", dutyPerson: "值班人（可不填）", dutyPhone: "值班电话（可不填）", categoryHead: "类别", leads: "牵头", missingLead: "无牵头",
  matrixHint: "每个类别应有且只有一个牵头单位；缺口用虚线框和文字标出。", onlyGaps: "只看缺口", area: "辖区", importTable: "名册表", importFile: "文件（CSV 或 XLSX）", importHint: "先预览差异，再写入。未列出的行保持不变。",
  compare: "比较差异", write: "写入名册", findings: "检查发现", noMatches: "没有符合的岗位",
};

const en = {
  rosterTabs: "Views of the roster", rosterSide: "Detail and map", tabPosts: "Posts and people", tabShifts: "Shifts", tabVacancies: "Vacancies", tabMatrix: "Competences", tabImport: "Import",
  findPost: "Filter by name, post or target", allRoles: "All roles", post: "Post", target: "Target", holder: "Holder", heldSince: "since", standInShort: "stand-in", nobody: "vacant",
  count: "{shown} of {total}", more: "Show more", loadFailed: "The roster did not load: {reason}", choosePost: "Choose a post to see who holds it and who did.",
  changeHolder: "Change holder…", leaveVacant: "Vacant from that day", newHolder: "New holder", findPerson: "Name or code", fromDay: "From day", standInField: "Stand-in (optional)",
  reason: "Note", preview: "Preview", apply: "Apply", applied: "Changed: roster revision {revision}", nothingChanges: "Nothing changes", blocked: "{count} findings block this change; mend them first.",
  added: "{count} added", changed: "{count} changed", removed: "{count} removed", field: "Field", before: "Before", after: "After", history: "History", open: "to date",
  allTargets: "Everything this person answers for", showTargets: "Show on the map", mayNotWrite: "This account may only read; sign in as a roster clerk.", noRoster: "You may not read the roster",
  signInFirst: "Sign in to read it.",
  noVacancies: "No post is vacant on this day", vacancyHint: "For a vacant post the next level answers.", fill: "Appoint…", weekOf: "Week of {date}", previousWeek: "Previous week", nextWeek: "Next week",
  noShifts: "No shifts this week",
  addShift: "Add a shift…", startsAt: "Starts", endsAt: "Ends", dutyOf: "Department or post", dutyPerson: "Person (optional)", dutyPhone: "Number that rings (optional)", categoryHead: "Category", leads: "leads",
  missingLead: "no lead",
  matrixHint: "Each category needs exactly one lead; gaps have a dashed frame and say so.", onlyGaps: "Gaps only", area: "Area", importTable: "Table", importFile: "File (CSV or XLSX)",
  importHint: "Compare first, then write. Rows that are not in the file stay.",
  compare: "Compare", write: "Write to the roster", findings: "Findings", noMatches: "No post fits",
};

export const TEXTS = { zh, en };
