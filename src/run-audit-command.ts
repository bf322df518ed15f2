import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import { checkChain } from "./audit/chain.js";
import { type AuditCommand, EXIT, HELP, parseAuditCommand, WrongUse } from "./audit/command-line.js";
import { ExportDamaged, readExport } from "./audit/read-export.js";
import { verdict } from "./audit/verdict.js";
import { writeExport } from "./audit/write-export.js";
import { known } from "./core/known.js";
import { messageOf } from "./core/thrown.js";
import type { Database, Sql } from "./store/database.js";
import { checkTrail, readTrail } from "./store/tables/audit.js";

type Command<Name extends AuditCommand["command"]> = Extract<AuditCommand, { command: Name }>;

/** Where the command is run. */
export interface Terminal {
	readonly output: Writable;
	readonly errors: Writable;
	/** npm prints lines of its own to the output, before the command does. */
	readonly isNpmHeard: boolean;
	/** The bot's database, which must be there. */
	openDatabase(): Promise<Database>;
}

/** The command cannot be carried out; its message says why, and what to do. */
export class CannotBeDone extends Error {}

/**
 * Exports and checks the audit trail for those who run the bot; without Teams, Graph or the work of a bot.
 *
 * @returns what the process ends with: see `EXIT`
 */
export async function runAuditCommand(args: readonly string[], terminal: Terminal): Promise<number> {
	try {
		const command = parseAuditCommand(args);
		switch (command.command) {
			case "help":
				terminal.output.write(HELP);
				return EXIT.done;
			case "export":
				return await exportTrail(command, terminal);
			case "verify":
				return command.file === undefined
					? await verifyDatabase(command, terminal)
					: await verifyFile(command.file, command.head, terminal);
		}
	} catch (error) {
		tell(terminal, messageOf(error));
		return error instanceof WrongUse ? EXIT.wrongUse : EXIT.failed;
	}
}

function say({ output }: Terminal, text: string): void {
	output.write(`${text}\n`);
}

function tell({ errors }: Terminal, text: string): void {
	errors.write(`${text}\n`);
}

async function exportTrail(
	{ from, to, format, out }: Command<"export">,
	terminal: Terminal,
): Promise<number> {
	if (out !== undefined && existsSync(out))
		throw new CannotBeDone(`${out} is there already. Name another file, or move that one away.`);
	if (out === undefined && terminal.isNpmHeard)
		tell(
			terminal,
			"npm has written lines of its own before the export. Give --out, or: npm run --silent audit -- …",
		);
	let count = 0;
	let last: { readonly seq: number; readonly hash: string } | undefined;
	await onTrail(terminal, async (sql) => {
		const counted = async function* () {
			for await (const link of readTrail(sql, known({ from, to }))) {
				yield link;
				count += 1;
				last = link;
			}
		};
		if (out === undefined) return writeExport(counted(), format, terminal.output);
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
	tell(
		terminal,
		last === undefined
			? "No events lie there; the export is empty."
			: `${count} events exported, up to event ${last.seq}. Its hash, to be kept elsewhere: ${last.hash}`,
	);
	return EXIT.done;
}

async function verifyDatabase({ head }: Command<"verify">, terminal: Terminal): Promise<number> {
	const report = await onTrail(terminal, (sql) => checkTrail(sql, head));
	return conclude(verdict(report, "database", head), terminal);
}

async function verifyFile(path: string, head: string | undefined, terminal: Terminal): Promise<number> {
	try {
		return conclude(verdict(await checkChain(readExport(path), "anywhere", head), "export", head), terminal);
	} catch (error) {
		if (!(error instanceof ExportDamaged)) throw error;
		say(terminal, `Broken: ${error.message}`);
		return EXIT.broken;
	}
}

function conclude({ whole, lines }: ReturnType<typeof verdict>, terminal: Terminal): number {
	for (const line of lines) say(terminal, line);
	return whole ? EXIT.done : EXIT.broken;
}

/** Reads in the bot's database; nothing in it is made or changed. */
async function onTrail<T>({ openDatabase }: Terminal, work: (sql: Sql) => Promise<T>): Promise<T> {
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
