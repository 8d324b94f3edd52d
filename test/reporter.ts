import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Ends the run with the failing names and one line that counts, for people and for scripts. */
export default class Count implements Reporter {
  #passed = 0
  #failing: string[] = []

  onInit(): void {
    // Coverage and teardown print after the last test, and this line has to be the last of all.
    process.once('exit', (code) => this.#print(code))
  }

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result()
    if (state === 'passed') this.#passed++
    if (state === 'failed') this.#failing.push(`${test.module.relativeModuleId} > ${test.fullName}`)
  }

  onTestModuleEnd(module: TestModule): void {
    // A file that cannot be loaded has no test case that could fail.
    for (const error of module.errors()) {
      this.#failing.push(`${module.relativeModuleId}: ${error.message}`)
    }
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    for (const error of errors) this.#failing.push(`outside the tests: ${error.message}`)
  }

  #print(code: number): void {
    if (code !== 0 && this.#failing.length === 0) this.#failing.push('the run itself, see above')
    if (code === 0 && this.#failing.length > 0) process.exitCode = 1
    for (const name of this.#failing) console.log(`failed: ${name}`)
    console.log(`${this.#passed} passed, ${this.#failing.length} failed`)
  }
}
