import pg from "pg";
import { factOf, messageOf } from "../../core/thrown.js";

/** How long the server may take to let the bot in, in milliseconds; less than a supervisor waits. */
const CONNECT_MS = 10_000;

/** The PostgreSQL server cannot be reached, or does not let the bot do what it needs to. */
export class DatabaseProblem extends Error {
	readonly settings = ["DATABASE_URL"];
	constructor(
		readonly code: "database-unreachable" | "database-refused",
		message: string,
		cause: unknown,
	) {
		super(message, { cause });
	}
}

/**
 * Connects to the server once, so that a wrong address or password is told as what it is.
 *
 * Rejects with a `DatabaseProblem`, which names host, user and database, never the password.
 */
export async function reachPostgres(url: string, connectMs = CONNECT_MS): Promise<void> {
	const client = createClient(url, connectMs);
	try {
		await client.connect();
	} catch (error) {
		throw describeFailure(error, client);
	} finally {
		await client.end();
	}
}

function createClient(url: string, connectMs: number): pg.Client {
	try {
		return new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
	} catch (error) {
		// The certificates that the URL names are read here.
		throw new DatabaseProblem(
			"database-unreachable",
			`DATABASE_URL cannot be used (${messageOf(error)}). Correct what it says behind the question mark.`,
			error,
		);
	}
}

/** A server that let the bot in and then refused what every start needs; `undefined` for any other error. */
export function deniedByPostgres(error: unknown): DatabaseProblem | undefined {
	const code = factOf(error, "code");
	if (code === "42501")
		return new DatabaseProblem(
			"database-refused",
			"The user of DATABASE_URL may not create tables. Make it the owner of the database (alter database … owner to …), or grant it CREATE on the database and on the schema public.",
			error,
		);
	if (code === "25006")
		return new DatabaseProblem(
			"database-refused",
			"The PostgreSQL server of DATABASE_URL takes no writes. It is a standby, or set to read only; let DATABASE_URL name the primary.",
			error,
		);
	return undefined;
}

function describeFailure(error: unknown, to: Target): DatabaseProblem {
	const server = `${to.host}:${to.port}`;
	const unreachable = (what: string, then: string) =>
		new DatabaseProblem(
			"database-unreachable",
			`The PostgreSQL server ${server} of DATABASE_URL ${what}. ${then}, and start the bot again.`,
			error,
		);
	const refused = (what: string, then: string) =>
		new DatabaseProblem("database-refused", `The PostgreSQL server ${server} ${what}. ${then}.`, error);
	if (messageOf(error).includes("client password must be"))
		return refused(
			`asks the user ${to.user} for a password`,
			"Put one into DATABASE_URL: user:password@host",
		);
	switch (factOf(error, "code")) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return unreachable("was not found", "Check the host name in DATABASE_URL, and the name server");
		case "ECONNREFUSED":
			return unreachable("takes no connections", "Start it, or correct host and port in DATABASE_URL");
		case "57P03":
			return unreachable("is starting or stopping", "Wait until it takes connections");
		case "53300":
			return unreachable("has no connection left", "Raise its max_connections, or end other programs");
		case "28P01":
		case "28000":
			return refused(
				`does not let the user ${to.user} into the database ${to.database}`,
				"Check user and password in DATABASE_URL (special characters percent-encoded), and the server's pg_hba.conf",
			);
		case "3D000":
			return refused(
				`has no database ${to.database}`,
				"Create it (createdb), or correct the name in DATABASE_URL",
			);
		case "42501":
			return refused(
				`does not let the user ${to.user} connect to the database ${to.database}`,
				"Grant it CONNECT on the database, or make it the owner",
			);
		default:
			return unreachable(
				`cannot be used (${messageOf(error)})`,
				"Check the server, the network between, and DATABASE_URL",
			);
	}
}

interface Target {
	readonly host: string;
	readonly port: number;
	readonly user?: string | undefined;
	readonly database?: string | undefined;
}
