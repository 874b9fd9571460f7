/** The field's codes in both languages. */

const pair = (zh, en) => ({ zh, en });

export const TERMS = {
  match: {
    INSIDE: pair("网格内", "Inside"),
    BOUNDARY: pair("边界上", "On boundary"),
    OVERLAP: pair("网格重叠", "Overlap"),
    GAP: pair("网格缝隙", "In a gap"),
    NO_CELL: pair("无网格", "No cell"),
  },
  level: {
    DISTRICT: pair("区", "District"),
    SUBDISTRICT: pair("街道", "Subdistrict"),
    TOWNSHIP: pair("乡镇", "Township"),
    COMMUNITY: pair("社区", "Community"),
    VILLAGE: pair("村", "Village"),
  },
  kind: {
    STREET: pair("街", "Street"),
    LANE: pair("巷", "Lane"),
    HUTONG: pair("胡同", "Hutong"),
    EVENT: pair("事件", "Event"),
    COMPONENT: pair("部件", "Component"),
  },
  side: { LEFT: pair("左侧", "left side"), RIGHT: pair("右侧", "right side") },
  role: {
    LANE_CHIEF: pair("巷长", "Lane chief"),
    STREET_CHIEF: pair("街长", "Street chief"),
    SUBDISTRICT_CHIEF: pair("街道级街巷长", "Subdistrict chief"),
    GENERAL_CHIEF: pair("总街巷长", "General chief"),
    GRID_OFFICER: pair("网格员", "Grid officer"),
    COMMISSIONER: pair("街巷专员", "Commissioner"),
    STEWARD: pair("小巷管家", "Steward"),
    COLLECTOR: pair("信息采集员", "Collector"),
    ACCEPTOR: pair("受理员", "Acceptor"),
    DUTY_CHIEF: pair("值班长", "Duty chief"),
    DISPATCHER: pair("派遣员", "Dispatcher"),
    HANDLER: pair("处置人员", "Handler"),
    INSPECTOR: pair("督查员", "Inspector"),
    AUXILIARY: pair("协管员", "Auxiliary"),
    COUNCIL_MEMBER: pair("街巷理事", "Council member"),
    DOORWAY_HEAD: pair("楼门长", "Doorway head"),
    LIAISON: pair("联络员", "Liaison"),
  },
  part: {
    LEAD: pair("牵头", "Lead"),
    ASSIST: pair("配合", "Assists"),
    OWNER: pair("权属", "Owner"),
    MAINTAINER: pair("养护", "Maintains"),
    COMPETENT: pair("主管", "Competent"),
  },
  rule: {
    DETERMINATION: pair("依据现场定责", "by a decision on site"),
    COMPONENT: pair("依据部件权属登记", "as registered for the component"),
    PATCH: pair("依据责任片区", "by a patch of responsibility"),
    COMPETENCE: pair("依据权责清单", "by its competence for the category"),
    RESPONSIBLE_BODY: pair("该网格的责任单位", "as the cell's responsible body"),
    TERRITORIAL: pair("属地负责", "as the territory's own office"),
  },
  flag: {
    NEAR_BOUNDARY: pair("靠近责任边界", "Close to a border of responsibility"),
    LOW_ACCURACY: pair("定位精度不足", "The fix is not accurate enough"),
    CHIEF_ACROSS_BORDER: pair("更近的街巷属于其他街道", "A nearer street belongs to another subdistrict"),
    SUSPECT_DATUM: pair("坐标系可能有误", "The datum may be wrong"),
  },
  settle: {
    NEAR_BOUNDARY: pair("现场核对位置，或请相邻单位共同到场定责。", "Check the place on site, or settle it with the neighbour there."),
    LOW_ACCURACY: pair("在开阔处重新定位，或在地图上直接点选。", "Take a new fix in the open, or click the place on the map."),
    CHIEF_ACROSS_BORDER: pair("按属地由本街道的街巷长负责。", "The chief of this subdistrict answers for its own ground."),
    SUSPECT_DATUM: pair("核对坐标来源，再选择正确的坐标系。", "Check where the coordinates come from and choose their datum."),
  },
  next_step: {
    DISPATCH: pair("街道可自行派遣处置", "The subdistrict can dispatch this itself"),
    SUGGEST_WHISTLE: pair("建议吹哨", "Suggested: blow the whistle"),
    SUGGEST_JOINT_WHISTLE: pair("建议联合吹哨", "Suggested: a joint whistle"),
  },
  next_reason: {
    DISPATCH: pair("属于街道职责范围。", "It lies within the subdistrict's own power."),
    SUGGEST_WHISTLE: pair("超出街道权限，需职能部门报到。", "It is beyond the subdistrict's power; the department has to report in."),
    SUGGEST_JOINT_WHISTLE: pair("位置涉及相邻街道或区。", "A neighbouring subdistrict or district is within the doubt."),
  },
};
