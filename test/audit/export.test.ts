import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { checkChain, type Link } from "../../src/audit/chain.js";
import { ExportDamaged, NoExport, readExport } from "../../src/audit/read-export.js";
import { verdict } from "../../src/audit/verdict.js";
import { type ExportFormat, writeExport } from "../../src/audit/write-export.js";
import { chainOf, EVENTS } from "./links.js";

const FORMATS = ["csv", "ndjson"] as const;

describe("an export of the audit trail", () => {
	let directory: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-export-"));
	});
	afterAll(() => rm(directory, { recursive: true, force: true }));

	async function textOf(links: readonly Link[], format: ExportFormat): Promise<string> {
		const out = new PassThrough();
		const [written] = await Promise.all([buffer(out), writeExport(each(links), format, out)]);
		return written.toString("utf8");
	}

	let files = 0;
	async function inFile(text: string): Promise<string> {
		files += 1;
		const path = join(directory, `export-${files}`);
		await writeFile(path, text);
		return path;
	}

	const check = async (text: string, noted?: string) =>
		checkChain(readExport(await inFile(text)), "anywhere", noted);

	it.each(FORMATS)("in %s is read back as it was, and is whole", async (format) => {
		const links = chainOf(EVENTS);
		const text = await textOf(links, format);
		const read: unknown[] = [];
		for await (const link of readExport(await inFile(text))) read.push(link);
		expect(read).toEqual(links);
		expect(await check(text)).toMatchObject({ count: 3, first: { seq: 1 }, last: { seq: 3 } });
		expect((await check(text)).broken).toBeUndefined();
	});

	it("in CSV names what people look for, and takes formulas out of force", async () => {
		const [header, first, second] = (await textOf(chainOf(EVENTS), "csv")).split(/\n(?=\d)/u);
		expect(header).toBe("\ufeffseq,at,type,name,userId,jobId,cancellationId,receipt,line,previousHash,hash");
		expect(first).toMatch(/^1,2026-11-23T03:00:00.000Z,request.received,,,,,,/u);
		expect(second).toContain(`"'=HYPERLINK(""https://evil.example"",""Anna"")",anna-id,job-1`);
	});

	it.each(["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "＝1"])(
		"in CSV never begins a cell with what %j begins with",
		async (name) => {
			const text = await textOf(chainOf([{ type: name, actor: { name, userId: name }, jobId: name }]), "csv");
			const [, row = ""] = text.split("\n");
			expect(row.split(/,"?/u).filter((cell) => /^[=+\-@\t\r＝]/u.test(cell))).toEqual([]);
			expect((await check(text)).broken).toBeUndefined();
		},
	);

	it("in NDJSON has one event a line", async () => {
		const lines = (await textOf(chainOf(EVENTS), "ndjson")).trimEnd().split("\n");
		expect(lines.map((line) => JSON.parse(line).type)).toEqual(EVENTS.map(({ type }) => type));
	});

	it.each(FORMATS)("in %s may be empty of events", async (format) => {
		const text = await textOf([], format);
		if (format === "ndjson") return expect(check(text)).rejects.toThrow(NoExport);
		expect(verdict(await check(text), "export")).toMatchObject({ whole: false });
	});

	it.each([
		["a changed line", (text: string) => text.replace('cancel.abandoned",', 'cancel.refused",'), 3],
		["a changed word of the line itself", (text: string) => text.replace(/(snapshot)/u, "picture"), 2],
		["a removed event", (text: string) => text.replace(/^.*"seq":"2".*\n/mu, ""), 2],
		["a person replaced beside the line", (text: string) => text.replace('"anna-id"', '"bernard"'), 2],
		["a number that is none", (text: string) => text.replace('"seq":"2"', '"seq":"two"'), 2],
		["an event twice", (text: string) => text.replace(/^(.*"seq":"2".*\n)/mu, "$1$1"), 3],
	])("shows %s", async (_what, change, place) => {
		const text = await textOf(chainOf(EVENTS), "ndjson");
		const changed = change(text);
		expect(changed).not.toBe(text);
		expect((await check(changed)).broken?.seq).toBe(place);
	});

	it.each([
		["ndjson", "was cut off in the middle of a line", (text: string) => text.slice(0, -20)],
		["csv", "has a line with a cell too few", (text: string) => `${text}4,2026\n`],
		["csv", "was cut off inside quotes", (text: string) => text.replace(/"",""facts.*$/su, "")],
	] as const)("in %s says from where it cannot be read, when it %s", async (format, _what, damage) => {
		const text = damage(await textOf(chainOf(EVENTS), format));
		await expect(check(text)).rejects.toThrow(ExportDamaged);
		await expect(check(text)).rejects.toThrow(/line \d/u);
	});

	it.each([
		["a list of something else", "a,b,c\n1,2,3\n"],
		["JSON of something else", '{"hello":"world"}\n'],
		["nothing", ""],
	])("is not mistaken for %s", async (_what, text) => {
		await expect(check(text)).rejects.toThrow(NoExport);
	});

	it("from the middle of the trail says what it joins, and confirms a hash that was noted of any of it", async () => {
		const links = chainOf(EVENTS, 7);
		const text = await textOf(links, "csv");
		const plain = verdict(await check(text), "export");
		expect(plain.whole).toBe(true);
		expect(plain.lines.join("\n")).toMatch(
			/events 7 to 9, 3 in all.*ends with event 6 joins it if its last hash is f{64}/su,
		);
		for (const [hash, seq] of [
			["f".repeat(64), 6],
			[links[1]?.hash, 8],
			[links[2]?.hash, 9],
		] as const) {
			const noted = verdict(await check(text, hash), "export", hash);
			expect(noted.whole).toBe(true);
			expect(noted.lines.join("\n")).toContain(`The noted hash is that of event ${seq}`);
		}
		const foreign = verdict(await check(text, "0".repeat(64)), "export", "0".repeat(64));
		expect(foreign.whole).toBe(false);
	});

	it("that was written anew with hashes that fit is shown by a noted hash alone", async () => {
		const noted = chainOf(EVENTS)[2]?.hash ?? "";
		const anew = await textOf(chainOf(EVENTS.map((event) => ({ ...event, type: "cancel.refused" }))), "csv");
		expect(verdict(await check(anew), "export").whole).toBe(true);
		expect(verdict(await check(anew, noted), "export", noted).whole).toBe(false);
	});

	it("tells of a file that is not there with its name", async () => {
		await expect(checkChain(readExport(join(directory, "none.csv")), "anywhere")).rejects.toThrow(
			/none\.csv/u,
		);
	});

	it("is written as it is read: a reader that stops early ends the reading, too", async () => {
		let read = 0;
		const endless = async function* () {
			for (let seq = 1; ; seq += 1) {
				read = seq;
				yield { seq, line: "{}", previousHash: "", hash: "" };
			}
		};
		const out = new PassThrough();
		const written = writeExport(endless(), "csv", out);
		out.once("data", () => out.destroy(new Error("the reader has gone")));
		await expect(written).rejects.toThrow("the reader has gone");
		expect(read).toBeLessThan(2_000);
	});
});

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
	yield* items;
}
