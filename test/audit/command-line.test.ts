import { describe, expect, it } from "@jest/globals";
import { parseAuditCommand, WrongUse } from "../../src/audit/command-line.js";

const parse = (line: string) => parseAuditCommand(line === "" ? [] : line.split(" "));
const HASH = "AB".repeat(32);

describe("the audit command", () => {
	it.each([
		["export", { command: "export", format: "csv" }],
		[
			"export --format ndjson --out trail.ndjson",
			{ command: "export", format: "ndjson", out: "trail.ndjson" },
		],
		["verify", { command: "verify" }],
		["verify trail.csv", { command: "verify", file: "trail.csv" }],
		[`verify trail.csv --head ${HASH}`, { command: "verify", file: "trail.csv", head: HASH.toLowerCase() }],
		["--help", { command: "help" }],
		["export -h", { command: "help" }],
		["help", { command: "help" }],
	])("reads %s", (line, command) => {
		expect(parse(line)).toEqual(command);
	});

	it("takes a day as the whole of it in UTC, and a moment as it is", () => {
		expect(parse("export --from 2026-11-01 --to 2026-11-30")).toMatchObject({
			from: new Date("2026-11-01T00:00:00Z"),
			to: new Date("2026-12-01T00:00:00Z"),
		});
		expect(parse("export --from 2026-11-01T08:00:00+01:00 --to 2026-11-01T07:30Z")).toMatchObject({
			from: new Date("2026-11-01T07:00:00Z"),
			to: new Date("2026-11-01T07:30:00Z"),
		});
		expect(parse("export --from 2026-11-01 --to 2026-11-01")).toMatchObject({ command: "export" });
	});

	it.each([
		["", /export or verify/u],
		["import", /import is neither/u],
		["export trail.csv", /--out before trail\.csv/u],
		["export --from yesterday", /--from yesterday/u],
		["export --from 2026-02-30", /--from 2026-02-30/u],
		["export --from 2026-11-01T08:00:00", /with its zone/u],
		["export --from 2026-11-02 --to 2026-11-01", /Nothing lies between/u],
		["export --format xlsx", /xlsx is neither/u],
		["export --head x", /goes with verify/u],
		["export --into x", /--into/u],
		["verify a b", /too many: b/u],
		["verify --from 2026-11-01", /go with export/u],
		["verify --head abc", /abc is no hash/u],
	])("says what is wrong with: %s", (line, why) => {
		expect(() => parse(line)).toThrow(WrongUse);
		expect(() => parse(line)).toThrow(why);
		expect(() => parse(line)).toThrow(/--help/u);
	});
});
