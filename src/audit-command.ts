import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { checkChain } from "./audit/chain.js";
import { type AuditCommand, EXIT, HELP, parseAuditCommand, WrongUse } from "./audit/command-line.js";
import { ExportDamaged, readExport } from "./audit/read-export.js";
import { verdict } from "./audit/verdict.js";
import { writeExport } from "./audit/write-export.js";
import { readDatabaseConfig } from "./config.js";
import { known } from "./core/known.js";
import { factOf, messageOf } from "./core/thrown.js";
import { loadEnvFile } from "./load-env-file.js";
import { nameSources } from "./name-sources.js";
import type { Database, Sql } from "./store/database.js";
import { checkTrail, readTrail } from "./store/tables/audit.js";

type Command<Name extends AuditCommand["command"]> = Extract<AuditCommand, { command: Name }>;

/** An export waits for nobody; a long trail takes a while. In milliseconds. */
const LIMITS = { waitMs: 10_000, transactionMs: 10 * 60_000 };

/** The command cannot be carried out; its message says why, and what to do. */
class CannotBeDone extends Error {}

const say = (text: string) => process.stdout.write(`${text}\n`);
const tell = (text: string) => process.stderr.write(`${text}\n`);

/** Exports and checks the audit trail for those who run the bot; without Teams, Graph or the work of a bot. */
async function main(args: readonly string[]): Promise<number> {
	nameSources();
	const command = parseAuditCommand(args);
	switch (command.command) {
		case "help":
			process.stdout.write(HELP);
			return EXIT.done;
		case "export":
			return exportTrail(command);
		case "verify":
			return command.file === undefined ? verifyDatabase(command) : verifyFile(command.file, command.head);
	}
}

async function exportTrail({ from, to, format, out }: Command<"export">): Promise<number> {
	if (out !== undefined && existsSync(out))
		throw new CannotBeDone(`${out} is there already. Name another file, or move that one away.`);
	if (out === undefined && process.env.npm_command === "run-script" && !isSilent())
		tell("npm has written lines of its own before the export. Give --out, or: npm run --silent audit -- …");
	let count = 0;
	let last: { readonly seq: number; readonly hash: string } | undefined;
	await onTrail(async (sql) => {
		const counted = async function* () {
			for await (const link of readTrail(sql, known({ from, to }))) {
				yield link;
				count += 1;
				last = link;
			}
		};
		if (out === undefined) return writeExport(counted(), format, process.stdout);
		// Names and words of people stand in it. It gets its name once it is whole.
		const part = `${out}.part`;
		try {
			await writeExport(counted(), format, createWriteStream(part, { mode: 0o600 }));
			await rename(part, out);
		} catch (error) {
			await rm(part, { force: true });
			throw error;
		}
	});
	if (last === undefined) tell("No events lie there; the export is empty.");
	else
		tell(`${count} events exported, up to event ${last.seq}. Its hash, to be kept elsewhere: ${last.hash}`);
	return EXIT.done;
}

function isSilent(): boolean {
	return process.env.npm_config_loglevel === "silent";
}

async function verifyDatabase({ head }: Command<"verify">): Promise<number> {
	const report = await onTrail((sql) => checkTrail(sql, head));
	return conclude(verdict(report, "database", head));
}

async function verifyFile(path: string, head: string | undefined): Promise<number> {
	try {
		return conclude(verdict(await checkChain(readExport(path), "anywhere", head), "export", head));
	} catch (error) {
		if (!(error instanceof ExportDamaged)) throw error;
		say(`Broken: ${error.message}`);
		return EXIT.broken;
	}
}

function conclude({ whole, lines }: ReturnType<typeof verdict>): number {
	for (const line of lines) say(line);
	return whole ? EXIT.done : EXIT.broken;
}

/** Reads in the bot's database, which must be there; nothing in it is made or changed. */
async function onTrail<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
	loadEnvFile();
	const database = await openDatabase();
	try {
		const [row] = await database.sql.query<{ there: boolean }>(
			"select to_regclass('audit_events') is not null as there",
		);
		if (!row?.there)
			throw new CannotBeDone("The database holds no audit trail: no bot has been started with it.");
		return await work(database.sql);
	} finally {
		await database.close();
	}
}

async function openDatabase(): Promise<Database> {
	const { DATABASE_URL: url, DATA_DIR: directory } = readDatabaseConfig(process.env);
	if (url !== undefined) {
		const { reachPostgres } = await import("./store/engines/reach-postgres.js");
		const { openPostgres } = await import("./store/engines/open-postgres.js");
		await reachPostgres(url);
		// What a broken connection was used for fails by itself. Nothing is prepared, for the sake of poolers.
		return openPostgres(url, () => {}, LIMITS, false);
	}
	const { openPglite, embeddedFiles } = await import("./store/engines/open-pglite.js");
	if (!existsSync(embeddedFiles(directory)))
		throw new CannotBeDone(
			`There is no embedded database in ${directory}. Set DATA_DIR or DATABASE_URL as for the bot, or run this where the bot's .env is.`,
		);
	return openPglite(directory).catch((error: unknown) => {
		if (factOf(error, "code") !== "data-directory-in-use") throw error;
		throw new CannotBeDone(
			`The embedded database in ${directory} is in use, which means that the bot is running. Stop it, and run this again. (An export that was made before can be verified meanwhile, and a PostgreSQL server can be read at any time.)`,
		);
	});
}

async function end(error: unknown): Promise<number> {
	if (error instanceof WrongUse) {
		tell(error.message);
		return EXIT.wrongUse;
	}
	tell(messageOf(error));
	return EXIT.failed;
}

process.exitCode = await main(process.argv.slice(2)).catch(end);
