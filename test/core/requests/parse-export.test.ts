import { describe, expect, it } from "@jest/globals";
import { parseCommand } from "../../../src/core/requests/parse-command.js";

describe("export", () => {
	it.each([
		["export", { format: "csv", hours: 720 }],
		["Export please", { format: "csv", hours: 720 }],
		["export 7d", { format: "csv", hours: 168 }],
		["export ndjson", { format: "ndjson", hours: 720 }],
		["export 24h as NDJSON", { format: "ndjson", hours: 24 }],
		["export csv last 2 weeks", { format: "csv", hours: 336 }],
		["export all", { format: "csv" }],
		["export all json", { format: "ndjson" }],
	])("understands %s", (text, wanted) => {
		expect(parseCommand(text)).toEqual({ kind: "export", ...wanted });
	});

	it.each(["export the users", "export 0d", "export 99999d", "exports", "export csv ndjson"])(
		"is not what %s means",
		(text) => {
			expect(parseCommand(text).kind).toBe("unknown");
		},
	);
});
