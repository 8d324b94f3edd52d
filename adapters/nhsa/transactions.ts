import type { Transaction } from './transaction.ts'
import { personInfo } from './transactions/1101.ts'
import { readCard } from './transactions/1161.ts'
import { readToken } from './transactions/1162.ts'
import { institutionInfo } from './transactions/1201.ts'
import { downloadDrugs } from './transactions/1301.ts'
import { downloadPieces } from './transactions/1302.ts'
import { downloadPreparations } from './transactions/1303.ts'
import { ethnicMedicines } from './transactions/1304.ts'
import { downloadServices } from './transactions/1305.ts'
import { downloadConsumables } from './transactions/1306.ts'
import { downloadDiagnoses } from './transactions/1307.ts'
import { downloadOperations } from './transactions/1308.ts'
import { downloadSpecialDiseases } from './transactions/1309.ts'
import { downloadWholeDiseases } from './transactions/1310.ts'
import { downloadDaySurgery } from './transactions/1311.ts'
import { catalogueItems } from './transactions/1312.ts'
import { downloadMorphology } from './transactions/1313.ts'
import { downloadChineseDiseases } from './transactions/1314.ts'
import { downloadSyndromes } from './transactions/1315.ts'
import { catalogueMatches } from './transactions/1316.ts'
import { ownMappings } from './transactions/1317.ts'
import { priceLimits } from './transactions/1318.ts'
import { selfPayRatios } from './transactions/1319.ts'
import { dictionary } from './transactions/1901.ts'
import { benefitCheck } from './transactions/2001.ts'
import { previewSale } from './transactions/2101.ts'
import { settleSale } from './transactions/2102.ts'
import { cancelSale } from './transactions/2103.ts'
import { registerOutpatient } from './transactions/2201.ts'
import { cancelRegistration } from './transactions/2202.ts'
import { describeOutpatient } from './transactions/2203.ts'
import { uploadOutpatientLines } from './transactions/2204.ts'
import { removeOutpatientLines } from './transactions/2205.ts'
import { previewOutpatient } from './transactions/2206.ts'
import { settleOutpatient } from './transactions/2207.ts'
import { cancelOutpatient } from './transactions/2208.ts'
import { uploadStayLines } from './transactions/2301.ts'
import { removeStayLines } from './transactions/2302.ts'
import { previewStay } from './transactions/2303.ts'
import { settleStay } from './transactions/2304.ts'
import { cancelStaySettlement } from './transactions/2305.ts'
import { admission } from './transactions/2401.ts'
import { dischargeFromHospital } from './transactions/2402.ts'
import { changeOfStay } from './transactions/2403.ts'
import { cancelAdmissionToHospital } from './transactions/2404.ts'
import { cancelDischarge } from './transactions/2405.ts'
import { fileReferral } from './transactions/2501.ts'
import { withdrawReferral } from './transactions/2502.ts'
import { fileDisease } from './transactions/2503.ts'
import { withdrawDisease } from './transactions/2504.ts'
import { fileDesignation } from './transactions/2505.ts'
import { withdrawDesignation } from './transactions/2506.ts'
import { reverseRequest } from './transactions/2601.ts'
import { analyseBefore } from './transactions/3101.ts'
import { analyseCourse } from './transactions/3102.ts'
import { statementTotals } from './transactions/3201.ts'
import { statementDetails } from './transactions/3202.ts'
import { applyForClearing } from './transactions/3203.ts'
import { withdrawClearing } from './transactions/3204.ts'
import { uploadMappings } from './transactions/3301.ts'
import { withdrawMappings } from './transactions/3302.ts'
import { tellOfSale } from './transactions/3505.ts'
import { tellOfReturn } from './transactions/3506.ts'
import { uploadList } from './transactions/4101.ts'
import { queryList } from './transactions/4104.ts'
import { askVisits } from './transactions/5201.ts'
import { askDiagnoses } from './transactions/5202.ts'
import { askSettlement } from './transactions/5203.ts'
import { askLines } from './transactions/5204.ts'
import { askChronicDrugs } from './transactions/5205.ts'
import { askAccumulators } from './transactions/5206.ts'
import { askStatement } from './transactions/5261.ts'
import { printStatement } from './transactions/5262.ts'
import { askFiledDiseases } from './transactions/5301.ts'
import { askDesignations } from './transactions/5302.ts'
import { askInHospital } from './transactions/5303.ts'
import { askReferrals } from './transactions/5304.ts'
import { uploadFees } from './transactions/6201.ts'
import { orderPayment } from './transactions/6202.ts'
import { refundOrder } from './transactions/6203.ts'
import { queryOrder } from './transactions/6301.ts'
import { revokeOrder } from './transactions/6401.ts'
import { signIn } from './transactions/9001.ts'
import { signOut } from './transactions/9002.ts'
import { upload } from './transactions/9101.ts'
import { download } from './transactions/9102.ts'

/** All transactions (交易), in order of infno: one import and one line each. */
const all = [
  personInfo, // 1101
  readCard, // 1161
  readToken, // 1162
  institutionInfo, // 1201
  downloadDrugs, // 1301
  downloadPieces, // 1302
  downloadPreparations, // 1303
  ethnicMedicines, // 1304
  downloadServices, // 1305
  downloadConsumables, // 1306
  downloadDiagnoses, // 1307
  downloadOperations, // 1308
  downloadSpecialDiseases, // 1309
  downloadWholeDiseases, // 1310
  downloadDaySurgery, // 1311
  catalogueItems, // 1312
  downloadMorphology, // 1313
  downloadChineseDiseases, // 1314
  downloadSyndromes, // 1315
  catalogueMatches, // 1316
  ownMappings, // 1317
  priceLimits, // 1318
  selfPayRatios, // 1319
  dictionary, // 1901
  benefitCheck, // 2001
  previewSale, // 2101
  settleSale, // 2102
  cancelSale, // 2103
  registerOutpatient, // 2201
  cancelRegistration, // 2202
  describeOutpatient, // 2203
  uploadOutpatientLines, // 2204
  removeOutpatientLines, // 2205
  previewOutpatient, // 2206
  settleOutpatient, // 2207
  cancelOutpatient, // 2208
  uploadStayLines, // 2301
  removeStayLines, // 2302
  previewStay, // 2303
  settleStay, // 2304
  cancelStaySettlement, // 2305
  admission, // 2401
  dischargeFromHospital, // 2402
  changeOfStay, // 2403
  cancelAdmissionToHospital, // 2404
  cancelDischarge, // 2405
  fileReferral, // 2501
  withdrawReferral, // 2502
  fileDisease, // 2503
  withdrawDisease, // 2504
  fileDesignation, // 2505
  withdrawDesignation, // 2506
  reverseRequest, // 2601
  analyseBefore, // 3101
  analyseCourse, // 3102
  statementTotals, // 3201
  statementDetails, // 3202
  applyForClearing, // 3203
  withdrawClearing, // 3204
  uploadMappings, // 3301
  withdrawMappings, // 3302
  tellOfSale, // 3505
  tellOfReturn, // 3506
  uploadList, // 4101
  queryList, // 4104
  askVisits, // 5201
  askDiagnoses, // 5202
  askSettlement, // 5203
  askLines, // 5204
  askChronicDrugs, // 5205
  askAccumulators, // 5206
  askStatement, // 5261
  printStatement, // 5262
  askFiledDiseases, // 5301
  askDesignations, // 5302
  askInHospital, // 5303
  askReferrals, // 5304
  uploadFees, // 6201
  orderPayment, // 6202
  refundOrder, // 6203
  queryOrder, // 6301
  revokeOrder, // 6401
  signIn, // 9001
  signOut, // 9002
  upload, // 9101
  download, // 9102
]

/** By infno without a suffix. */
export const transactions: ReadonlyMap<string, Transaction> = new Map(
  all.map((each) => [each.infno, each as unknown as Transaction]),
)
