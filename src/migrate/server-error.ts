/** An error that a server sent (PostgreSQL manual, "Error and Notice Message Fields"). */
export class ServerError extends Error {
  /** SQLSTATE, five characters. */
  readonly state: string;
  /** How many statements of the same query had been carried out before it. */
  readonly completed: number;
  constructor(state: string, message: string, completed = 0) {
    super(message);
    this.state = state;
    this.completed = completed;
  }
}
