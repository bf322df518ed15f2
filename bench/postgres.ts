import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import type { Teardown } from "../sandbox/teardown.js";
import { familyCpuMs, parentOf } from "./measure/process-figures.js";

/** What a server has written: transactions and rows of one database, and bytes of its whole log. */
export interface Written {
	readonly commits: number;
	readonly rows: number;
	readonly logBytes: number;
}

/** A PostgreSQL server for the measurement. */
export interface Postgres {
	readonly what: string;
	/** Makes an empty database and says its URL. */
	createDatabase(name: string): Promise<string>;
	dropDatabase(name: string): Promise<void>;
	written(name: string): Promise<Written>;
	/** Processor time of the server with all its backends, in milliseconds; `undefined` on another machine. */
	cpuMs(): number | undefined;
}

const DEBIAN = "/usr/lib/postgresql";

/**
 * The server in `BENCH_DATABASE_URL`, or else one that is started from this machine's binaries and thrown away
 * at the end; `undefined` when there are none.
 */
export async function openPostgres(teardown: Teardown): Promise<Postgres | undefined> {
	const given = process.env.BENCH_DATABASE_URL;
	if (given !== undefined) return describe(given);
	const binaries = findBinaries();
	return binaries === undefined ? undefined : describe(await startServer(binaries, teardown));
}

function findBinaries(): string | undefined {
	if (!existsSync(DEBIAN)) return undefined;
	const versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
	return versions
		.map((version) => join(DEBIAN, version, "bin"))
		.find((bin) => existsSync(join(bin, "initdb")));
}

async function startServer(binaries: string, teardown: Teardown): Promise<string> {
	const data = mkdtempSync("/tmp/recovery-control-bench-pg.");
	await teardown.add(() => rmSync(data, { recursive: true, force: true }));
	// PostgreSQL refuses to run as root.
	const owner = process.getuid?.() === 0 ? ownerOf("postgres") : undefined;
	if (owner) chownSync(data, owner.uid, owner.gid);
	const run = (program: string, ...words: string[]) =>
		execFileSync(join(binaries, program), words, { ...owner, cwd: data, stdio: ["ignore", "ignore", 2] });
	const port = await freePort();
	run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-instructions");
	const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${data}`;
	run("pg_ctl", "-D", data, "-w", "-l", join(data, "log"), "-o", options, "start");
	await teardown.add(() => run("pg_ctl", "-D", data, "-m", "immediate", "stop"));
	return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

function ownerOf(user: string): { uid: number; gid: number } {
	const id = (what: string) => Number(execFileSync("id", [what, user], { encoding: "utf8" }));
	return { uid: id("-u"), gid: id("-g") };
}

async function describe(url: string): Promise<Postgres> {
	const run = async <Row extends object>(statement: string): Promise<Row[]> => {
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		try {
			return (await client.query<Row>(statement)).rows;
		} finally {
			await client.end();
		}
	};
	const [found] = await run<{ version: string }>("select current_setting('server_version') as version");
	const postmaster = await findPostmaster(url);
	return {
		what: `PostgreSQL ${found?.version.split(" ")[0]}`,
		async createDatabase(name) {
			await run(`create database ${name}`);
			const made = new URL(url);
			made.pathname = `/${name}`;
			return made.href;
		},
		async written(name) {
			const [row] = await run<Record<keyof Written, string>>(
				`select xact_commit as commits, tup_inserted + tup_updated + tup_deleted as rows,
					pg_current_wal_lsn() - '0/0' as "logBytes" from pg_stat_database where datname = '${name}'`,
			);
			return { commits: Number(row?.commits), rows: Number(row?.rows), logBytes: Number(row?.logBytes) };
		},
		dropDatabase: async (name) => void (await run(`drop database if exists ${name} with (force)`)),
		cpuMs: () => (postmaster === undefined ? undefined : familyCpuMs(postmaster)),
	};
}

/** The process that all backends are children of, when the server runs on this machine. */
async function findPostmaster(url: string): Promise<number | undefined> {
	if (!["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname)) return undefined;
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
		const pid = rows[0]?.pid;
		// A server in a container of its own has other numbers for its processes.
		if (pid === undefined || !isPostgres(pid)) return undefined;
		return parentOf(pid);
	} finally {
		await client.end();
	}
}

function isPostgres(pid: number): boolean {
	const name = `/proc/${pid}/comm`;
	return existsSync(name) && readFileSync(name, "utf8").startsWith("postgres");
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
