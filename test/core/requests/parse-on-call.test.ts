import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isOnCall } from "../../../src/core/requests/command.js";
import { normalizeText } from "../../../src/core/requests/normalize-text.js";
import { parseCommand } from "../../../src/core/requests/parse-command.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const OTHER = "99999999-7c1e-4e7c-9c7b-13f8d44b20c4";
const read = (raw: string) => parseCommand(normalizeText(raw, ["Recovery Control"]));
const HOUR = 3_600_000;

describe("what whoever is on call types", () => {
	it.each([
		["alerts", { kind: "alerts" }],
		["Alerts?", { kind: "alerts" }],
		["alerts on", { kind: "alerts-on", filters: {} }],
		[
			"<at>Recovery Control</at>&nbsp;alerts on recovery",
			{ kind: "alerts-on", filters: { kinds: ["recovery"] } },
		],
		[
			"please alerts on failed, longer than 2h.",
			{ kind: "alerts-on", filters: { failedOnly: true, longerThanMs: 2 * HOUR } },
		],
		["alerts off", { kind: "alerts-off" }],
		["Alert off!", { kind: "alerts-off" }],
		["escalations here", { kind: "escalations", here: true }],
		["Escalation ON", { kind: "escalations", here: true }],
		["escalations Here", { kind: "escalations", here: true }],
		["escalations off", { kind: "escalations", here: false }],
		["Escalations OFF", { kind: "escalations", here: false }],
		[`follow ${ID}`, { kind: "follow", jobId: ID }],
		[`follow job {${ID.toUpperCase()}}`, { kind: "follow", jobId: ID }],
		["handover", { kind: "handover", hours: 12 }],
		["handover 24h", { kind: "handover", hours: 24 }],
		["hand over 8 hours", { kind: "handover", hours: 8 }],
		["handover 1 hour", { kind: "handover", hours: 1 }],
		["handover 2 hr", { kind: "handover", hours: 2 }],
		["handover 168hrs", { kind: "handover", hours: 168 }],
		["digest daily 08:00 Europe/Oslo", { kind: "digest-on", time: "08:00", zone: "Europe/Oslo" }],
		["digest daily at 7.30 in europe/oslo", { kind: "digest-on", time: "07:30", zone: "Europe/Oslo" }],
		["digest 23:59 UTC", { kind: "digest-on", time: "23:59", zone: "UTC" }],
		["digest off", { kind: "digest-off" }],
	])("%j is understood", (raw, command) => {
		expect(read(raw)).toEqual(command);
	});

	it.each([
		["alerts on not recovery", { verb: "alerts", problem: "not-a-filter", found: "not recovery" }],
		["alerts recovery", { verb: "alerts", problem: "not-a-filter", found: "recovery" }],
		["alerts off for recovery", { verb: "alerts", problem: "not-a-filter", found: "off for recovery" }],
		["alerts only", { verb: "alerts", problem: "not-a-filter", found: "only" }],
		["escalations", { verb: "escalations", problem: "not-here-or-off" }],
		["escalations here and there", { verb: "escalations", found: "here and there" }],
		["handover 0h", { verb: "handover", problem: "not-hours", found: "0h" }],
		["handover 200h", { verb: "handover", problem: "not-hours" }],
		["handover 169h", { verb: "handover", problem: "not-hours", found: "169h" }],
		["handover about 24h", { verb: "handover", problem: "not-hours", found: "about 24h" }],
		["handover 24h or so", { verb: "handover", problem: "not-hours", found: "24h or so" }],
		["handover to Ben", { verb: "handover", problem: "not-hours", found: "to Ben" }],
		["digest", { verb: "digest", problem: "not-a-time" }],
		["digest daily 24:00 UTC", { verb: "digest", problem: "not-a-time", found: "daily 24:00 UTC" }],
		["digest daily 08:00", { verb: "digest", problem: "not-a-zone" }],
		["digest daily 08:00 at UTC", { verb: "digest", problem: "not-a-zone", found: "at UTC" }],
		["digest daily 08:00 Etc/in UTC", { verb: "digest", problem: "not-a-zone", found: "Etc/in UTC" }],
		["digest daily 08:00 Oslo", { verb: "digest", problem: "not-a-zone", found: "Oslo" }],
		["digest daily 08:00 +01:00", { verb: "digest", problem: "not-a-zone", found: "+01:00" }],
	])("%j is asked about, and changes nothing", (raw, command) => {
		expect(read(raw)).toMatchObject({ kind: "misunderstood", ...command });
	});

	it("is known from what anybody else types", () => {
		const onCall = ["alerts", `follow ${ID}`, "handover", "digest off"].map((raw) => isOnCall(read(raw)));
		expect(onCall).not.toContain(false);
		expect(["jobs", "help", "cancel", `status ${ID}`].map((raw) => isOnCall(read(raw)))).not.toContain(true);
	});

	it.each([
		["follow", "no-id"],
		["follow 42", "not-an-id"],
		[`follow ${ID} ${OTHER}`, "several-ids"],
	])("%j is asked about", (raw, problem) => {
		expect(read(raw)).toMatchObject({ kind: "malformed", verb: "follow", problem });
		expect(read(`un${raw}`)).toMatchObject({ kind: "malformed", verb: "unfollow", problem });
	});

	it("takes a word that is no id for a mistyped one where it stands alone, and else for talk", () => {
		expect(read("follow everything")).toMatchObject({
			kind: "malformed",
			verb: "follow",
			problem: "not-an-id",
		});
		expect(read("follow me please, all of you")).not.toHaveProperty("verb");
	});

	it("lets go of a job that is named in any shape, and takes a sentence that begins so for no cancel", () => {
		expect(read(`unfollow job {${ID.toUpperCase()}}`)).toEqual({ kind: "unfollow", jobId: ID });
		expect(read(`Unfollow the job ${ID}, please.`)).toEqual({ kind: "unfollow", jobId: ID });
	});

	it.each([
		["don't turn alerts off"],
		["turn alerts off"],
		["no alerts off"],
		["the alerts off"],
		["follow me please"],
		["alertsoff"],
		["handovers"],
	])("%j is no command", (raw) => {
		expect(read(raw).kind).toBe("unknown");
	});

	it("suggests the command that was nearly typed, and gives back no more than 200 characters", () => {
		expect(read("allerts on")).toMatchObject({ suggestion: "alerts on" });
		expect(read("digets daily")).toMatchObject({ suggestion: "digest daily 08:00 Europe/Oslo" });
		expect(read(`alerts on ${"x".repeat(300)}`)).toMatchObject({ found: `${"x".repeat(199)}…` });
	});

	it("turns nothing on or off unless the text begins with the verb, courtesies aside", () => {
		const word = fc.constantFrom(
			...["alerts", "on", "off", "escalations", "here", "digest", "daily", "08:00", "UTC", "please", "not"],
			...["don't", "recovery", "failed", "longer than 2h", "never", "the", "and", "handover", "24h", ID],
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 6 }), (words) => {
				const command = read(words.join(" "));
				if (!["alerts-on", "alerts-off", "escalations", "digest-on", "digest-off"].includes(command.kind))
					return;
				const verb = words.find((said) => said !== "please");
				expect(command.kind.startsWith(String(verb))).toBe(true);
				expect(words).not.toContain("not");
				expect(words).not.toContain("never");
				expect(words).not.toContain("don't");
			}),
			{ numRuns: 2_000 },
		);
	});
});
