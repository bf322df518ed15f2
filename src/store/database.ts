import type { ConstructorOptions } from "pg-boss";

/** One connection inside one transaction. */
export interface Sql {
	query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** PostgreSQL, as a server or embedded; nothing above this file knows which. */
export interface Database {
	/** True when this process alone can use the data: work left active by a dead process is then ours. */
	readonly exclusive: boolean;
	/**
	 * Runs `work` in a transaction of its own: committed when this resolves. When it rejects, `work` or the
	 * database failed, and nearly always nothing has happened; but when the connection was lost, or no answer
	 * came in time, just while committing, it *may* have been committed. So callers must be able to do the same
	 * again without harm.
	 *
	 * A statement of `work` that nobody waits for is sent along with the commit, which fails with it.
	 *
	 * `limitMs` is for work that is known to take long, such as bringing the schema up to date. Only a server
	 * knows limits: the embedded database answers or fails.
	 */
	transaction<T>(work: (sql: Sql) => Promise<T>, limitMs?: number): Promise<T>;
	/** Statements outside a transaction, each on its own: for reading one thing, or one conditional change. */
	readonly sql: Sql;
	/** Writes something that changes nothing; rejects, saying why, when the database takes no writes now. */
	probe(): Promise<void>;
	/** How pg-boss reaches the same database. */
	readonly boss: Pick<
		ConstructorOptions,
		"backend" | "db" | "connectionString" | "max" | "connectionTimeoutMillis"
	>;
	close(): Promise<void>;
}

/** A statement failed, its failure was swallowed, and so the transaction did not commit. */
export class NotCommitted extends Error {
	readonly code = "not-committed";
	constructor(options?: ErrorOptions) {
		super("The transaction was rolled back, because a statement in it had failed.", options);
	}
}
