import type { ConstructorOptions } from "pg-boss";

/** One connection inside one transaction. */
export interface Sql {
	query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** PostgreSQL, as a server or embedded; nothing above this file knows which. */
export interface Database {
	/** True when this process alone can use the data: work left active by a dead process is then ours. */
	readonly exclusive: boolean;
	transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
	/** How pg-boss reaches the same database. */
	readonly boss: Pick<ConstructorOptions, "backend" | "db" | "connectionString" | "max">;
	close(): Promise<void>;
}
