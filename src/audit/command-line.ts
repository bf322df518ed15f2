import { parseArgs } from "node:util";
import { messageOf } from "../core/thrown.js";
import type { ExportFormat } from "./write-export.js";

/** How the command ends. Scripts rely on these numbers. */
export const EXIT = { done: 0, broken: 1, wrongUse: 2, failed: 3 } as const;

export const HELP = `Exports the audit trail, and checks that nothing in it was changed or removed.

  npm run audit -- export [--from <when>] [--to <when>] [--format csv|ndjson] [--out <file>]
  npm run audit -- verify [--head <hash>]             the database
  npm run audit -- verify <file> [--head <hash>]      an export, without the database

  --from, --to   a day such as 2026-11-01 (in UTC; --to includes it), or a moment with its
                 zone such as 2026-11-01T08:00:00+01:00; left out: from the first, to the last
  --format       csv (the default; formulas are taken out of force) or ndjson (one event a line)
  --out          a file that is not there yet; left out: standard output, which "npm run" puts
                 lines of its own before (npm run --silent audit -- … does not)
  --head         a hash that an export or a check told earlier and that was kept elsewhere: shows
                 that the trail up to there is still the same one

It reads DATABASE_URL or DATA_DIR, from the environment or from .env. The embedded database in DATA_DIR
can be read only while the bot is stopped. Nothing is changed in either.

Ends with 0 when all is exported or whole, 1 when the trail is broken (the first such event is named) or
has no event with the hash of --head, 2 when the command is not used rightly, 3 when it cannot be done.
`;

export type AuditCommand =
	| { readonly command: "help" }
	| {
			readonly command: "export";
			readonly from?: Date;
			readonly to?: Date;
			readonly format: ExportFormat;
			readonly out?: string;
	  }
	| { readonly command: "verify"; readonly file?: string; readonly head?: string };

/** The command cannot be understood; its message says why. */
export class WrongUse extends Error {
	constructor(why: string) {
		super(`${why} See: npm run audit -- --help`);
	}
}

/** @throws WrongUse */
export function parseAuditCommand(args: readonly string[]): AuditCommand {
	const { values, positionals } = readArguments(args);
	const [command, file, ...more] = positionals;
	if (values.help || command === "help") return { command: "help" };
	if (more.length > 0) throw new WrongUse(`There is a word too many: ${more.join(" ")}.`);
	const { from, to, format, out, head } = values;
	switch (command) {
		case "export": {
			if (file !== undefined) throw new WrongUse(`Put --out before ${file} to write into that file.`);
			if (head !== undefined) throw new WrongUse("--head goes with verify, not with export.");
			const range = { ...whenOf("from", from), ...whenOf("to", to) };
			if (range.from && range.to && range.from >= range.to)
				throw new WrongUse(`Nothing lies between --from ${from} and --to ${to}.`);
			return { command, ...range, format: toFormat(format), ...(out !== undefined && { out }) };
		}
		case "verify":
			if (from !== undefined || to !== undefined || format !== undefined || out !== undefined)
				throw new WrongUse("--from, --to, --format and --out go with export, not with verify.");
			return {
				command,
				...(file !== undefined && { file }),
				...(head !== undefined && { head: toHash(head) }),
			};
		case undefined:
			throw new WrongUse("Say what to do: export or verify.");
		default:
			throw new WrongUse(`${command} is neither export nor verify.`);
	}
}

function readArguments(args: readonly string[]) {
	const text = { type: "string" } as const;
	try {
		return parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				help: { type: "boolean", short: "h" },
				from: text,
				to: text,
				format: text,
				out: text,
				head: text,
			},
		});
	} catch (error) {
		throw new WrongUse(`${messageOf(error).replace(/\.?$/u, ".")}`);
	}
}

function whenOf(name: "from" | "to", text: string | undefined): { from?: Date; to?: Date } {
	if (text === undefined) return {};
	const day = /^\d{4}-\d\d-\d\d$/u.test(text);
	const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/u.test(text);
	const at = new Date(text);
	// 2026-02-30 would count as the second of March.
	if (Number.isNaN(at.getTime()) || !(day ? at.toISOString().startsWith(text) : moment))
		throw new WrongUse(`--${name} ${text} is neither a day nor a moment with its zone.`);
	if (day && name === "to") at.setUTCDate(at.getUTCDate() + 1);
	return { [name]: at };
}

function toFormat(text = "csv"): ExportFormat {
	if (text === "csv" || text === "ndjson") return text;
	throw new WrongUse(`--format ${text} is neither csv nor ndjson.`);
}

function toHash(text: string): string {
	if (/^[0-9a-f]{64}$/iu.test(text)) return text.toLowerCase();
	throw new WrongUse(`--head ${text} is no hash: it has 64 digits and letters from a to f.`);
}
