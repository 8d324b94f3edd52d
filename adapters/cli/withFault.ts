import { Complaint } from '../http/complaint.ts'
import { faultBefore } from '../postgres/fault.ts'

/** A database that is away is a fault of the world and told as such, whoever asked it. */
export const withFault =
  <A extends readonly unknown[], R>(ask: (...asked: A) => Promise<R>) =>
  async (...asked: A): Promise<R> => {
    try {
      return await ask(...asked)
    } catch (error) {
      // What cannot be read, such as a cursor that somebody made up, has nothing to do with the database.
      if (error instanceof SyntaxError || error instanceof Complaint) throw error
      throw faultBefore(error)
    }
  }
