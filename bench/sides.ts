import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { botEnvironment } from "../sandbox/bot-environment.js";
import { compiled } from "../sandbox/start-child.js";
import { benchProgram, type Program, startProgram } from "./child.js";
import { monotonicMs } from "./cloud/ledger.js";
import type { CloudFacts } from "./cloud/main.js";
import type { Dialogue } from "./load/main.js";
import { cpuMs, rssMb } from "./measure/process-figures.js";
import type { Postgres, Written } from "./postgres.js";

/** What is compared. `naive` is what every other side is set against. */
export const SIDES = ["echo", "naive", "ours-embedded", "ours-postgres"] as const;
export type SideName = (typeof SIDES)[number];

/** A side that keeps data, and can be started again on it. */
export interface Side {
	readonly name: SideName;
	readonly dialogue: Dialogue;
	/** Whether it is the product. */
	readonly ours: boolean;
	/** Where its data is, for whoever fills it: a directory, or a database. */
	readonly data: { readonly directory: string; readonly url?: string };
	/** Drops its data. */
	empty(): Promise<void>;
	/** What its PostgreSQL server has written for it so far; nothing for the other sides. */
	written(): Promise<Partial<Written>>;
	/** Drops its database for good. */
	remove(): Promise<void>;
	start(more?: StartOptions): Promise<RunningBot>;
}

export interface StartOptions {
	readonly settings?: Readonly<Record<string, string>>;
	/** Loads the counter of statements into it. */
	readonly countStatements?: boolean;
}

export interface RunningBot {
	readonly url: string;
	/** From the start of the process until it was ready to serve, in milliseconds. */
	readonly startMs: number;
	readonly program: Program;
	/** Processor time so far, in milliseconds: its own, and that of its PostgreSQL server. */
	cpu(): { readonly bot: number; readonly server?: number };
	rssMb(): number;
	stop(): Promise<void>;
}

/** As in the integration tests: quick polls, so that the bot's own work is measured and not its waiting. */
const QUICK_POLLS = { WATCH_POLL_MIN_MS: "100", WATCH_POLL_MAX_MS: "500" };

export interface SideDeps {
	readonly cloud: CloudFacts;
	readonly caPath: string;
	readonly directory: string;
	readonly postgres?: Postgres;
}

export function createSide(name: SideName, deps: SideDeps): Side {
	const ours = name.startsWith("ours");
	const directory = join(deps.directory, name);
	const { postgres } = deps;
	const database = name === "ours-postgres" ? postgres : undefined;
	const databaseName = `bench_${process.pid}`;
	const data: { directory: string; url?: string } = { directory };
	mkdirSync(directory, { recursive: true });
	return {
		name,
		dialogue: name === "echo" ? "card" : "cancel",
		ours,
		data,
		async empty() {
			rmSync(directory, { recursive: true, force: true });
			mkdirSync(directory, { recursive: true });
			if (!database) return;
			await database.dropDatabase(databaseName);
			data.url = await database.createDatabase(databaseName);
		},
		written: async () => (database ? database.written(databaseName) : {}),
		remove: async () => void (await database?.dropDatabase(databaseName)),
		async start({ settings = {}, countStatements = false } = {}) {
			const begun = monotonicMs();
			const program = startProgram(
				ours ? compiled("main.js") : benchProgram(`sides/${name}.js`),
				{
					...botEnvironment(cloudOf(deps.cloud), { caPath: deps.caPath, dataDirectory: directory }),
					...(data.url === undefined ? {} : { DATABASE_URL: data.url }),
					...QUICK_POLLS,
					...settings,
				},
				{
					cwd: directory,
					execArgv: countStatements ? ["--import", benchProgram("count-statements.js")] : [],
				},
			);
			const [, url = ""] = await program.line(/"url":"(http[^"]+)".*"msg":"listening"/u);
			const ready = await fetch(`${url}/readyz`, { headers: { connection: "close" } });
			if (!ready.ok) throw new Error(`${name} is not ready: ${ready.status}`);
			return {
				url,
				startMs: monotonicMs() - begun,
				program,
				cpu: () => {
					const server = database?.cpuMs();
					return { bot: cpuMs(program.pid), ...(server === undefined ? {} : { server }) };
				},
				rssMb: () => rssMb(program.pid),
				stop: () => program.stop(),
			};
		},
	};
}

/** What the settings of the bot say about the cloud. */
function cloudOf({ appId, tenantId, origin, host }: CloudFacts) {
	const metadataUrl = `${origin}/channel/.well-known/openidconfiguration`;
	return { appId, tenantId, origin, host, secret: "a-secret-that-nobody-checks", channel: { metadataUrl } };
}
