/** The roster's tables and the fields of their rows, in words. */

const both = (zh, en) => ({ zh, en });

export const ROSTER_TERMS = {
  table: {
    people: both("人员", "people"), departments: both("部门", "departments"), stationings: both("派驻", "stationings"), posts: both("岗位", "posts"), assignments: both("任职", "assignments"), absences: both("离岗", "absences"),
    shifts: both("值班", "shifts"), duty_lists: both("职责清单", "duty lists"), duty_items: both("职责事项", "duty items"), categories: both("类别", "categories"), competences: both("权责", "competences"), patches: both("责任片区", "patches"),
    determinations: both("现场定责", "determinations"),
  },
  field: {
    valid_from: both("起始日", "valid from"), valid_to: both("最后一天", "last day"), starts_at: both("开始", "starts at"), ends_at: both("结束", "ends at"), name: both("名称", "name"), name_en: both("英文名称", "English name"),
    short_name: both("简称", "short name"), phone: both("电话", "phone"), belongs_to: both("隶属", "belongs to"), used_by: both("使用单位", "used by"), person: both("人员", "person"), post: both("岗位", "post"), stand_in: both("代理人", "stand-in"),
    department: both("部门", "department"), subdistrict: both("街道", "subdistrict"), area: both("辖区", "area"), role: both("角色", "role"), target_kind: both("对象类型", "kind of target"), target_code: both("对象编码", "target"), target_scheme: both("对象编码体系", "scheme of the target"),
    side: both("街侧", "side"), part: both("职责", "part"), basis: both("依据", "basis"), documents: both("文件", "documents"), geometry: both("范围", "geometry"), category: both("类别", "category"), categories: both("类别", "categories"), parent: both("上级", "parent"),
    successor: both("承接单位", "successor"), mode: both("派驻方式", "mode"), liaison: both("联络员", "liaison"), title: both("标题", "title"), component: both("部件", "component"), decided_on: both("定责日期", "decided on"),
    code: both("编码", "code"), scheme: both("编码体系", "scheme"), level: both("级别", "level"), axis: both("条块", "line or block"), duty_blocks: both("职责板块", "duty blocks"), block: both("职责板块", "duty block"), kind: both("种类", "kind"), major: both("大类", "major class"),
    concern: both("事由", "concern"), sample: both("示例", "sample"), duty_list: both("职责清单", "duty list"), expected_count: both("应有事项数", "expected items"), inside_subdistrict_power: both("街道可自行处置", "within the subdistrict's power"),
  },
  target_kind: { segment: both("街巷段", "segment"), cell: both("单元网格", "cell"), group: both("网格组", "group"), area: both("辖区", "area") },
  axis: { LINE: both("条（职能部门）", "line (department)"), BLOCK: both("块（属地）", "block (territory)") },
  department_level: { CITY: both("市", "city"), DISTRICT: both("区", "district"), SUBDISTRICT: both("街道", "subdistrict"), COMPANY: both("企业", "company") },
  mode: { PERMANENT: both("常驻", "permanent"), LIAISON: both("联络员", "liaison"), ON_CALL: both("随叫随到", "on call") },
  concern: { DAMAGE: both("损坏", "damage"), OWNER_ACTION: both("权属人处置", "the owner's to do"), OVERSIGHT: both("监管", "oversight") },
  severity: { BLOCK: both("阻止", "blocks"), WARNING: both("警告", "warning"), NOTE: both("提示", "note") },
};
