import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

/** The frame of the OpenAPI document; paths and schemas come from the routes themselves. */
export const document: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'jiesuan',
      version: '1',
      description:
        "The payer's side of China's medical settlement (医保结算). Amounts are text in yuan with two decimals, days are `2026-03-02`, moments are RFC 3339. " +
        'Lists take `limit` (at most 200) and an opaque `cursor`. Every answer that is not 2xx is a problem document (RFC 9457) with a stable `code` and a ' +
        'message in Chinese and English. 503 always carries `Retry-After`: `busy` means that nothing happened, `outcome-unknown` that it is not known ' +
        'yet: ask by key, or repeat with the same key. Hospital and pharmacy systems that speak the national interface (定点医药机构接口规范) do so at ' +
        '`POST /fsi/api/…`, which is not described here but in `docs/national-interface.md`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    components: {
      securitySchemes: {
        caller: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The key of a caller (调用方密钥), such as `jsk.auditor.…`, made by `npx jiesuan callers`. Each operation names the roles that may; `GET /v1/me` ' +
            'tells all of one role. The role `institution` sees its own rows only: what is of another one is 404 or 403. A key that is no good is 401. On ' +
            'a server without callers, and in the sandbox, a request without a key may everything (`docs/callers.md`).',
        },
        selfService: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A token of an e-credential of purpose `self-service` (自助查询, F3; `POST /v1/e-cards/tokens`). Its holder reads their own person, ' +
            'accumulators, settlements, accounts, cards and filings, as often as they like until it expires, and files their own care away from ' +
            'home; what is not theirs is told like what is not there (404), and everything else is refused (403). One that is no good is 401.',
        },
      },
    },
    tags: [
      { name: 'settlements', description: 'Claims (结算)' },
      {
        name: 'quick payments',
        description: 'Taps without PIN, also without a line (小额快速支付)',
      },
      {
        name: 'cards',
        description: 'Cards, their services S1 to S11, and e-credentials (社会保障卡、电子凭证)',
      },
      {
        name: 'agency',
        description:
          'Paper bills, settlements settled anew, recoveries (手工报销、补充结算、追回), by two people',
      },
      { name: 'movements', description: 'Contributions, credits, benefits (缴费和待遇领取)' },
      { name: 'clearing', description: 'Between regions, and with institutions (清算)' },
      { name: 'people', description: 'Self-service (参保人)' },
      { name: 'ledger', description: 'The books (账簿)' },
      { name: 'audit', description: 'Finding and watching (检索、运行概况)' },
      { name: 'anomalies', description: 'What is worth a look (疑点)' },
      {
        name: 'exports',
        description: 'Files of what the books hold, with signed manifests (导出)',
      },
      { name: 'rules', description: 'Rules in force (政策规则)' },
      { name: 'regions', description: 'Messages between regions (跨区域结算)' },
      { name: 'operation', description: 'Running the server' },
    ],
  },
  refResolver: {
    buildLocalReference: (json, _baseUri, _fragment, i) =>
      typeof json.$id === 'string' ? json.$id : `def-${i}`,
  },
}
