import { worded } from './domain.ts'

export const lifeName = worded({
  requested: ['已申请', 'Requested'],
  made: ['已制卡', 'Made'],
  issued: ['已发放', 'Issued'],
  active: ['已激活', 'Active'],
  superseded: ['已被替换', 'Superseded'],
  cancelled: ['已注销', 'Cancelled'],
})

export const lossName = worded({
  none: ['未挂失', 'Not lost'],
  temporary: ['口头挂失', 'Temporary loss'],
  formal: ['正式挂失', 'Formal loss'],
})

export const pinName = worded({
  initial: ['初始密码', 'Initial PIN'],
  set: ['已设密码', 'PIN set'],
  locked: ['密码锁定', 'PIN locked'],
})

export const cardServiceName = worded({
  application: ['申领', 'Application'],
  making: ['制卡', 'Making'],
  delivery: ['发放', 'Delivery'],
  activation: ['激活', 'Activation'],
  details: ['信息变更', 'Details'],
  reissue: ['补卡', 'Reissue'],
  replacement: ['换卡', 'Replacement'],
  pin: ['修改密码', 'PIN change'],
  'pin-reset': ['重置密码', 'PIN reset'],
  'temporary-loss': ['口头挂失', 'Temporary loss'],
  'formal-loss': ['正式挂失', 'Formal loss'],
  'loss-cancel': ['解除挂失', 'Loss cancelled'],
  relocation: ['迁移', 'Relocation'],
  cancellation: ['注销', 'Cancellation'],
  supersession: ['被新卡替换', 'Superseded'],
  'pin-lock': ['密码锁定', 'PIN locked'],
  opening: ['建档', 'Opened'],
})
