/** The code tables (代码表) by the field they are named after. Provinces extend every one, so values match by prefix. */
export const codeTables = {
  mdtrt_cert_type: { '01': '医保电子凭证', '02': '居民身份证', '03': '社会保障卡' },
  psn_cert_type: {
    '01': '居民身份证',
    '02': '居民户口簿',
    '03': '护照',
    '04': '军官证',
    '05': '驾驶证',
    '06': '港澳居民来往内地通行证',
    '07': '台湾居民来往大陆通行证',
    '08': '其他',
    '99': '其他',
  },
  gend: { '1': '男', '2': '女', '9': '未说明性别' },
  insutype: {
    '310': '职工基本医疗保险',
    '320': '公务员医疗补助',
    '330': '大额医疗费用补助',
    '340': '离休人员医疗保障',
    '350': '一至六级残废军人医疗补助',
    '360': '老红军医疗保障',
    '370': '企业补充医疗保险',
    '380': '新型农村合作医疗',
    '390': '城乡居民基本医疗保险',
    '391': '城镇居民基本医疗保险',
    '392': '城乡居民大病医疗保险',
    '399': '其他特殊人员医疗保障',
    '410': '长期照护保险',
    '510': '生育保险',
  },
  med_type: {
    '11': '普通门诊',
    '12': '门诊挂号',
    '13': '急诊',
    '14': '门诊慢特病',
    '15': '特药',
    '16': '中医门诊',
    '19': '意外伤害门诊',
    '21': '普通住院',
    '22': '外伤住院',
    '23': '转外诊治住院',
    '24': '急诊转住院',
    '25': '异地住院',
    '26': '单病种住院',
    '27': '自主就医住院',
    '28': '日间手术',
    '41': '定点药店购药',
    '51': '生育门诊',
    '52': '生育住院',
    '53': '计划生育手术费',
    '6': '地方类别',
    '7': '地方类别',
    '71': '工伤门诊',
    '72': '工伤住院',
    '73': '工伤康复',
    '8': '地方类别',
    '99': '其他',
  },
  psn_type: {
    '11': '在职',
    '12': '退休',
    '13': '离休',
    '14': '未成年居民',
    '15': '成年居民',
    '16': '老年居民',
  },
  chrgitm_lv: { '01': '甲类', '02': '乙类', '03': '丙类' },
  clr_type: { '11': '门诊', '21': '住院', '41': '药店购药', '51': '暂缓结算', '99': '其他' },
  clr_way: {
    '1': '按项目',
    '3': '地方方式',
    '20': '按单病种',
    '30': '按病种分值',
    '40': '按疾病诊断相关分组',
    '50': '按床日',
    '60': '按人头',
    '99': '其他',
  },
  hosp_lv: {
    '01': '三级特等',
    '02': '三级甲等',
    '03': '三级乙等',
    '04': '三级丙等',
    '05': '二级甲等',
    '06': '二级乙等',
    '07': '二级丙等',
    '08': '一级甲等',
    '09': '一级乙等',
    '10': '一级丙等',
    '11': '无等级',
  },
  psn_setlway: { '01': '按项目结算', '02': '按定额结算' },
  psn_insu_stas: { '0': '未参保', '1': '正常参保', '2': '暂停参保', '3': '无效', '4': '终止参保' },
  pay_loc: { '1': '中心', '2': '医疗机构', '3': '省内异地', '4': '省外异地' },
  setl_type: { '1': '中心报销', '2': '联网结算', '3': '补充结算' },
  refd_setl_flag: { '0': '否', '1': '是' },
  list_type: {
    '101': '西药中成药',
    '102': '中药饮片',
    '103': '自制剂',
    '104': '民族药',
    '201': '医疗服务项目',
    '301': '医用耗材',
  },
  med_chrgitm_type: {
    '01': '床位费',
    '02': '诊察费',
    '03': '检查费',
    '04': '化验费',
    '05': '治疗费',
    '06': '手术费',
    '07': '护理费',
    '08': '卫生材料费',
    '09': '西药费',
    '10': '中药饮片费',
    '11': '中成药费',
    '12': '一般诊疗费',
    '13': '挂号费',
    '14': '其他费',
  },
  matn_type: {
    '1': '正常产',
    '2': '助娩产',
    '3': '剖宫产',
    '4': '难产',
    '5': '流产',
    '6': '引产',
    '7': '产前检查',
    '9': '其他',
  },
  birctrl_type: {
    '1': '放置宫内节育器',
    '2': '取出宫内节育器',
    '3': '流产术',
    '4': '引产术',
    '5': '绝育手术',
    '6': '复通手术',
    '9': '其他',
  },
  opter_type: { '1': '经办人', '2': '自助终端', '3': '移动终端' },
  trt_chk_type: { '01': '基金款项待遇检查', '99': '其他' },
  diag_type: { '1': '西医诊断', '2': '中医主病诊断', '3': '中医主证诊断' },
  adm_cond_type: { '1': '有', '2': '临床未确定', '3': '情况不明', '4': '无' },
  dscg_way: {
    '1': '医嘱离院',
    '2': '医嘱转院',
    '3': '医嘱转社区',
    '4': '非医嘱离院',
    '5': '死亡',
    '9': '其他',
  },
  flag: { '0': '否', '1': '是' },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type CodeTable = keyof typeof codeTables

export const isCodeTable = (name: string): name is CodeTable => Object.hasOwn(codeTables, name)

/** Tables whose values stand as they are: a flag with a tail is a slip, not a province's own. */
const exact: ReadonlySet<CodeTable> = new Set(['flag', 'refd_setl_flag', 'gend', 'psn_insu_stas'])

/** A value of the table, or a longer one that begins with a value of it. */
export const isCode = (table: CodeTable, value: string): boolean =>
  codeOf(table, value) !== undefined

/** The value of the table that a value is or was derived from: the longest that it begins with. */
export function codeOf(table: CodeTable, value: string): string | undefined {
  if (Object.hasOwn(codeTables[table], value)) return value
  if (exact.has(table)) return undefined
  const known = Object.keys(codeTables[table])
  return known.filter((each) => value.startsWith(each)).toSorted((a, b) => b.length - a.length)[0]
}

/** What a value is called (代码名称), by the longest value of the table that it begins with. */
export function nameOf(table: CodeTable, value: string): string | undefined {
  const known = codeOf(table, value)
  return known && (codeTables[table] as Readonly<Record<string, string>>)[known]
}
