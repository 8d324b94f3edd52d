import type { Day } from '../../engine/day.ts'
import { covers } from '../../engine/day.ts'
import type { CatalogueItem } from '../../engine/pack.ts'
import { changedOn, flagOf, recordOf } from './catalogueItem.ts'
import type { FileRow } from './files.ts'
import { chrgitmLvOf } from './translate.ts'

/**
 * The columns of the downloaded files (目录下载文件), in their order, by the field names of the interface. Clients read them by
 * place, so what we do not know of an item stays empty and keeps its place.
 */
const columns = {
  drugs: `med_list_codg drug_prodname genname_codg drug_genname chemname alis eng_name reg_name drugstdcode drug_dosform
    drug_dosform_name drug_type drug_type_name drug_spec drug_spec_code reg_dosform reg_spec reg_spec_code each_dos
    used_frqu acdbas nat_drug_no used_mtd tcmpat_flag prodplac_type prodplac_type_name prcunt_type otc_flag
    otc_flag_name pacmatl pacmatl_name pacspec pac_cnt efcc_atd rute manl begndate enddate min_useunt min_salunt min_unt
    min_pac_cnt min_pacunt min_prepunt minpacunt_name min_prepunt_name convrat drug_expy min_prcunt wubi pinyin
    subpck_fcty prodentp_code prodentp_name sp_lmtpric_drug_flag sp_drug_flag lmt_usescp lmt_used_flag drug_regno
    drug_regcert_begndate drug_regcert_enddate aprvno aprvno_begndate aprvno_enddate mkt_stas mkt_stas_name
    drug_reg_appvletr_elecacs splm_appy_appvletr_file nat_hi_druglist_memo bas_medn_flag_name bas_medn_flag
    advaltax_adjm_drug_flag advaltax_adjm_drug_name lstd_druglist_drug hi_nego_drug_flag hi_nego_drug_name
    nhc_drug_codg memo vali_flag rid crte_time updt_time ver ver_name chld_medc co_name conseval_drug dstr dstr_coner
    dstr_auth_file_elecacs nat_hi_druglist_dosform nat_hi_druglist_chrgitm_lv`,
  pieces: `med_list_codg tcmherb_name cpnd_flag qlt_reg tcmherb_year med_part safe_mtr cnvl_used natfla mertpm cat
    begndate enddate vali_flag rid crte_time updt_time ver ver_name mlms_name efcc_atd psdg_mtd ecy_type mlms_cat_souc`,
  services: `med_list_codg prcunt prcunt_name trt_item_dscr trt_exct_cont trt_item_cont vali_flag memo servitem_type
    servitem_name item_dscr begndate enddate rid ver ver_name`,
  consumables: `med_list_codg mcs_name udi hi_genname_code hi_genname prod_mol spec_code spec mcs_type spec_mol matl_code
    mcs_matl pacspec pac_cnt prod_pacmatl pacunt prod_convrat min_useunt prodplac_type prodplac_type_name prodstrd
    prodexpy perf_stru_comp apb_scp prod_istr prod_img_no prod_qlt_std manl oth_cert_matl sped_flag sped_name comb_name
    case_flag lmt_used_flag hi_lmt_scp min_salunt highval_mcs_flag matl_type_code impt_matl_hmorgn_flag stlz_flag
    stlz_flag_name impt_itvt_clss_flag impt_itvt_clss_name dspo_used_flag dspo_used_flag_name reger_name begndate
    enddate med_equ_mgt_type med_equ_mgt_type_name reg_fil_no reg_fil_prod_name stru_comp oth_cont aprv_date reger_addr
    regcert_expy_begntime regcert_expy_endtime prodentp_code prodentp_name manu_addr agnt_entp agnt_entp_addr
    manu_nat_regn aftsal_serins reg_fil_elec_file prod_img vali_flag rid ver ver_name`,
  diseases: `opsp_dise_code opsp_dise_majcls_name opsp_dise_subd_clss_name admdvs memo vali_flag rid crte_time updt_time
    ver dise_cont ver_name trt_guide_pagen trt_guide_elecacs opsp_dise_name opsp_dise_majcls_code`,
} as const

export type FileOf = keyof typeof columns

/** The names of a file's columns, in order. */
export const columnsOf = (file: FileOf): readonly string[] => columns[file].split(/\s+/)

/** What is known of a row, by column. */
export type Known = Readonly<Record<string, string | undefined>>

/** A row of a file: every column in its place. */
export const rowOf = (file: FileOf, known: Known): FileRow =>
  columnsOf(file).map((column) => known[column])

/** The version (版本号, ver) of what changed on a day; they follow each other as text. */
export const versionOf = (on: Day): string => `V${on.replaceAll('-', '')}`

/** What is known of an item, under every name that one of the files has for it. */
export function knownOf(item: CatalogueItem, today: Day): Known {
  const { code, name, from, until, kind, diseases, prescriptionOnly } = item
  const changed = changedOn(item, today)
  return {
    med_list_codg: code,
    drug_genname: name,
    reg_name: name,
    tcmherb_name: name,
    servitem_name: name,
    mcs_name: name,
    tcmpat_flag: flagOf(code.startsWith('Z')),
    otc_flag: flagOf(prescriptionOnly !== true),
    lmt_used_flag: flagOf(diseases !== undefined || prescriptionOnly === true),
    hi_nego_drug_flag: flagOf(kind === 'negotiated'),
    impt_matl_hmorgn_flag: flagOf(kind?.endsWith('implant') === true),
    nat_hi_druglist_chrgitm_lv: chrgitmLvOf(item.class),
    begndate: from,
    enddate: until,
    vali_flag: flagOf(covers(item, today)),
    rid: recordOf(item),
    crte_time: from,
    updt_time: changed,
    ver: versionOf(changed),
    ver_name: versionOf(changed),
  }
}
