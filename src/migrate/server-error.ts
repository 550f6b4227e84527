/** An error that a server sent (PostgreSQL manual, "Error and Notice Message Fields"). */
export class ServerError extends Error {
  /** SQLSTATE, five characters. */
  readonly state: string;
  constructor(state: string, message: string) {
    super(message);
    this.state = state;
  }
}
