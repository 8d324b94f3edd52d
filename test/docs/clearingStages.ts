// The picture of the stages of an institution's run: drawn from the table that the engine goes by.
import { clearingStates, clearingSteps } from '../../adapters/http/clearingWords.ts'
import { runStates, runStepNames, runSteps } from '../../engine/runStages.ts'

export function clearingStages(): string {
  const lines = [
    '```mermaid',
    'stateDiagram-v2',
    '  applied : applied 已申请',
    ...runStates.map((state) => `  ${state} : ${state} ${clearingStates[state]}`),
    '  [*] --> applied : 3203 清算申请',
    '  applied --> [*] : 3204 撤销, rejection 驳回',
    '  applied --> accepted : acceptance 受理',
    ...runStepNames.map((step) => {
      const { from, to } = runSteps[step]
      return `  ${from} --> ${to} : ${step} ${clearingSteps[step]}`
    }),
    '  paid --> [*] : years 年终清算',
    '```',
  ]
  return lines.join('\n')
}
