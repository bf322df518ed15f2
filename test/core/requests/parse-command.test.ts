import { describe, expect, it } from "@jest/globals";
import { normalizeText } from "../../../src/core/requests/normalize-text.js";
import { parseCommand } from "../../../src/core/requests/parse-command.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const OTHER = "99999999-7c1e-4e7c-9c7b-13f8d44b20c4";
const read = (raw: string) => parseCommand(normalizeText(raw, ["Recovery Control"]));

describe("cancel", () => {
	it.each([
		`cancel job ${ID}`,
		`Cancel Job ${ID.toUpperCase()}`,
		`cancel ${ID}`,
		`stop job ${ID}`,
		`abort ${ID}`,
		`/cancel job ${ID}`,
		`please cancel job ${ID}.`,
		`Can you cancel the recovery job ${ID}?`,
		`cancel preview job id: ${ID}`,
		`cancel job #${ID}`,
		`cancel job {${ID}}`,
		`cancel job "${ID}"`,
		`cancel job \u201C${ID}\u201D`,
		`cancel job '${ID}'`,
		`cancel job \`${ID}\``,
		`cancel job (${ID})`,
		`cancel job <${ID}>`,
		`cancel job &lt;${ID}&gt;`,
		`cancel job <b>${ID}</b>`,
		`cancel\u00A0job\u00A0${ID}`,
		`cancel&nbsp;job&nbsp;${ID}`,
		`cancel job \u200B${ID}\u200B`,
		`cancel\u200Bjob\u200B${ID}`,
		`cancel job ${ID.slice(0, 12)}\u200B${ID.slice(12)}`,
		`cancel job ${ID.slice(0, 12)}\u2060${ID.slice(12)}\uFEFF`,
		`cancel job ${ID.replaceAll("-", "\u2011")}`,
		`cancel job ${ID.replaceAll("-", "")}`,
		`<at>Recovery Control</at> cancel job ${ID}`,
		`<at id="0">Recovery Control</at>&nbsp;cancel job ${ID}\r\n`,
		`\r\n<at>Recovery Control</at> cancel job ${ID}\r\n`,
		`<p>cancel job ${ID}</p>`,
		`<div><at>recovery control</at> cancel job <code>${ID}</code></div>`,
		`cancel job https://graph.microsoft.com/beta/directory/recovery/jobs/${ID}`,
		`cancel job https://graph.microsoft.com/beta/directory/recovery/jobs/${ID}/cancel`,
		`cancel https://graph.microsoft.com/v1.0/directory/recovery/jobs/${ID}/microsoft.graph.entraRecoveryServices.cancel`,
		`cancel job https://graph.microsoft.com/v1.0/directory/recovery/jobs('${ID}')`,
		`cancel job https://graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryJobs/${ID}`,
		`cancel job Location: https://graph.microsoft.com/v1.0/directory/recovery/jobs/${ID}`,
		`cancel job <a href="https://x.example/jobs/${OTHER}">${ID}</a>`,
		`cancel job [the job](https://graph.microsoft.com/beta/directory/recovery/jobs/${ID})`,
		`cancel job ${ID} ${ID}`,
		`cancel job ${ID} ${ID.toUpperCase()}`,
		`cancel job ${ID} ${ID.replaceAll("-", "")}`,
		`cancel job ${ID} & (${ID}).`,
		`cancel job (( ${ID} ))`,
		`cancel job ${ID} and "${ID}"`,
		`cancel job ( ${ID} )`,
		`cancel jobs/${ID}`,
		`cancel jobs('${ID}')`,
		`cancel job [${ID}](https://graph.microsoft.com/beta/directory/recovery/jobs/${ID})`,
		`cancel job ${ID} because`,
		`cancel job ${ID} reason: .`,
		`cancel job ${ID} !`,
	])("understands %j", (raw) => {
		expect(read(raw)).toEqual({ kind: "cancel", jobId: ID });
	});

	it.each([
		[`cancel job ${ID} because wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID}, because Wrong Snapshot!`, "Wrong Snapshot!"],
		[`cancel job ${ID} reason: wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} - wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID}: - , wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} because of wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} because:wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} because . wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} reason = wrong snapshot`, "wrong snapshot"],
		[`cancel job ( ${ID} ) wrong snapshot`, "wrong snapshot"],
		[`cancel job (( ${ID} )) wrong snapshot`, "wrong snapshot"],
		[`cancel job ( ${ID} wrong "snapshot"`, 'wrong "snapshot"'],
		[`cancel job ${ID} [see](https://x.example)`, "[see](https://x.example)"],
		[`cancel job ${ID} \u2014 wrong snapshot`, "wrong snapshot"],
		[`cancel job ${ID} wrong snapshot`, "wrong snapshot"],
		[`cancel job "${ID}" because it hits ${OTHER}`, `it hits ${OTHER}`],
		[`cancel job ${ID} "Wrong \`Snapshot\`"`, '"Wrong `Snapshot`"'],
		[`cancel job ${ID} as requested`, "as requested"],
		[`cancel job ${ID} \u{1F44D}`, "\u{1F44D}"],
		[`cancel job ${ID} because ${"x".repeat(499)}\u{1F44D}`, "x".repeat(499)],
		[`cancel job ${ID} because a\u0000b\uD83Dc`, "a bc"],
		[`cancel job ${ID} because <at>Anna</at> said so`, "Anna said so"],
	])("keeps the reason of %j", (raw, reason) => {
		expect(read(raw)).toEqual({ kind: "cancel", jobId: ID, reason });
	});

	it("reads what was never normalised in the same way", () => {
		expect(parseCommand("  jobs  ")).toEqual({ kind: "jobs" });
		expect(parseCommand(`cancel job (  ${ID}  )  x\uD83Dy  `)).toEqual({
			kind: "cancel",
			jobId: ID,
			reason: "xy",
		});
	});

	it.each([
		["cancel job", "no-id"],
		["cancel", "no-id"],
		["cancel job because I say so", "no-id"],
		["cancel job 42", "not-an-id"],
		[`cancel job ${ID}0`, "not-an-id"],
		[`cancel job ${ID.slice(0, -1)}`, "not-an-id"],
		["cancel job abc", "not-an-id"],
		["cancel job ( abc )", "not-an-id"],
		["cancel job 42 please", "not-an-id"],
		[`cancel job [jobs/${ID}](https://x.example/${ID})`, "not-an-id"],
		[`cancel job [jobs/${ID}/x](https://x.example/${ID})`, "not-an-id"],
		[`cancel job ${ID} ${OTHER}`, "several-ids"],
		[`cancel job ${ID} and ${OTHER}`, "several-ids"],
		[`cancel jobs ${ID}, ${OTHER}`, "several-ids"],
		[`cancel job ${ID},${OTHER}`, "several-ids"],
		[`cancel job ${ID} as well as ${OTHER}`, "several-ids"],
		[`cancel job ${ID} since ${OTHER} is fine`, "several-ids"],
		[`cancel job ${ID} "${OTHER}"`, "several-ids"],
		[`cancel job [${ID}](https://graph.microsoft.com/beta/directory/recovery/jobs/${OTHER})`, "several-ids"],
		[`cancel job https://graph.microsoft.com/jobs/${ID}/jobs/${OTHER}`, "several-ids"],
	])("asks again for %j", (raw, problem) => {
		expect(read(raw)).toMatchObject({ kind: "malformed", verb: "cancel", problem });
	});

	it.each([
		[`cancel job ${ID} and ${OTHER}`, "cancel"],
		[`cancel job [${ID}](https://graph.microsoft.com/beta/directory/recovery/jobs/${OTHER})`, "cancel"],
		[`status ${ID} ${OTHER}`, "status"],
	])("keeps the first of several ids, for an example: %j", (raw, verb) => {
		expect(read(raw)).toStrictEqual({ kind: "malformed", verb, problem: "several-ids", first: ID });
	});

	it("tells a mistyped id, which it gives back, from talk that is not about jobs", () => {
		expect(read("cancel job 42 please")).toEqual({
			kind: "malformed",
			verb: "cancel",
			problem: "not-an-id",
			found: "42",
		});
		expect(read("cancel that meeting please")).toMatchObject({ kind: "unknown" });
	});

	it.each([
		`${ID} cancel`,
		`job ${ID} stop`,
		`do not cancel job ${ID}`,
		`don't cancel job ${ID}`,
		`please don't cancel job ${ID}`,
		`should I cancel job ${ID}?`,
		"cancel that meeting please",
		`cancelled job ${ID}`,
		`never stop ${ID}`,
		"stop it now",
		`stop! don't cancel job ${ID}`,
		`stop, do not cancel job ${ID}`,
		`stop cancelling job ${ID}`,
		`cancel not ${ID}`,
		`could you not cancel job ${ID}`,
		`<at>Anna</at> cancel job ${ID}`,
		`<blockquote>cancel job ${ID}</blockquote>`,
		`<s>cancel job ${ID}</s>`,
	])("does not act on %j", (raw) => {
		expect(read(raw).kind).not.toBe("cancel");
	});
});

describe("a cancel that names no job", () => {
	it.each([
		["stop it", {}],
		["Stop it!", {}],
		["please stop it now", {}],
		["stop it, please", {}],
		["cancel it", {}],
		["abort this", {}],
		["cancel the job", {}],
		["cancel the running job", {}],
		["cancel the recovery", { jobKind: "recovery" }],
		["stop the recovery job", { jobKind: "recovery" }],
		["Stop Recovery", { jobKind: "recovery" }],
		["could you stop the current preview job?", { jobKind: "preview" }],
		["stop it because wrong snapshot", { reason: "wrong snapshot" }],
		["stop the recovery, reason: Wrong snapshot!", { jobKind: "recovery", reason: "Wrong snapshot!" }],
		["stop it because", {}],
	])("is never carried out, only offered: %j", (raw, more) => {
		expect(read(raw)).toStrictEqual({ kind: "cancel-running", ...more });
	});

	it.each([
		"stop it or not",
		"stop that meeting",
		"stop the recovery of my account",
		`stop it ${ID}`,
		"don't stop it",
		"should I stop it",
		"it stop",
		"the recovery",
	])("is not found in %j", (raw) => {
		expect(read(raw).kind).not.toBe("cancel-running");
		expect(read(raw).kind).not.toBe("cancel");
	});
});

describe("asking whether one may, and asking others", () => {
	it("cancels nothing", () => {
		for (const text of [`can i cancel ${ID}?`, `Could I stop job ${ID}`, `may I cancel ${ID} please`])
			expect(parseCommand(text)).toEqual({ kind: "can-i", jobId: ID });
		expect(parseCommand("can i cancel the meeting").kind).toBe("unknown");
		expect(parseCommand(`can i cancel ${ID} or ${ID}`)).toEqual({ kind: "can-i", jobId: ID });
		const malformed = { kind: "malformed", verb: "can-i" };
		expect(parseCommand("can i cancel job 42")).toMatchObject({ ...malformed, problem: "not-an-id" });
		expect(parseCommand(`can i cancel ${ID} or ${OTHER}`)).toMatchObject({
			...malformed,
			problem: "several-ids",
		});
	});

	it("for approval keeps the reason", () => {
		expect(parseCommand(`ask for approval for job ${ID} because users are lost`)).toEqual({
			kind: "ask",
			jobId: ID,
			reason: "users are lost",
		});
		expect(parseCommand(`request approval ${ID}`)).toEqual({ kind: "ask", jobId: ID });
		expect(parseCommand(`ask approval for ${ID}, - users are lost, all of them`)).toMatchObject({
			reason: "users are lost, all of them",
		});
		expect(parseCommand("ask approval")).toMatchObject({ kind: "malformed", verb: "ask", problem: "no-id" });
	});
});

describe("the emergency way", () => {
	it.each([
		`cancel job ${ID} --emergency because users are lost`,
		`cancel job ${ID} -emergency because users are lost`,
		`cancel ${ID} --emergency users are lost`,
		`cancel ${ID} --EMERGENCY: users are lost`,
	])("is a flag directly after the id: %s", (text) => {
		expect(parseCommand(text)).toEqual({
			kind: "cancel",
			jobId: ID,
			emergency: true,
			reason: "users are lost",
		});
	});

	it.each([
		`cancel job ${ID} because of an --emergency`,
		`cancel job ${ID} emergency`,
		`cancel job ${ID} --emergency-exit is open`,
		`cancel job ${ID}`,
	])("is not read into: %s", (text) => {
		expect(parseCommand(text)).not.toHaveProperty("emergency");
	});

	it("needs its reason elsewhere: without one there is none", () => {
		expect(parseCommand(`cancel job ${ID} --emergency`)).toEqual({
			kind: "cancel",
			jobId: ID,
			emergency: true,
		});
		expect(parseCommand(`cancel job ${ID} --emergency because ${OTHER} runs`)).toMatchObject({ jobId: ID });
		expect(parseCommand(`cancel job ${ID} --emergency and ${OTHER}`)).toMatchObject({
			problem: "several-ids",
		});
	});
});

describe("everything else", () => {
	it.each([
		[`status ${ID}`, { kind: "status", jobId: ID }],
		[`status of job ${ID}?`, { kind: "status", jobId: ID }],
		[`show ${ID}`, { kind: "status", jobId: ID }],
		[`show me job ${ID}`, { kind: "status", jobId: ID }],
		[`status [${ID}](https://x.example/jobs/${OTHER})`, { kind: "malformed", problem: "several-ids" }],
		[`job ${ID}`, { kind: "status", jobId: ID }],
		[ID, { kind: "status", jobId: ID }],
		[`status ${ID} ${ID}`, { kind: "status", jobId: ID }],
		[`status ${ID} please`, { kind: "status", jobId: ID }],
		[`status ${ID} ${OTHER}`, { kind: "malformed", verb: "status", problem: "several-ids" }],
		["status", { kind: "malformed", verb: "status", problem: "no-id" }],
		["status 42", { kind: "malformed", verb: "status", problem: "not-an-id", found: "42" }],
		["status 42 please", { kind: "malformed", verb: "status", problem: "not-an-id", found: "42" }],
		["status abc", { kind: "malformed", verb: "status", problem: "not-an-id", found: "abc" }],
		["show 42", { kind: "malformed", verb: "status", problem: "not-an-id", found: "42" }],
		["show abc", { kind: "unknown" }],
		["show status", { kind: "unknown" }],
		["status of things", { kind: "malformed", verb: "status", problem: "not-an-id", found: "things" }],
		["status things look good", { kind: "unknown" }],
		[`${ID} status`, { kind: "unknown" }],
		[`[${ID}](https://x.example/jobs/${OTHER})`, { kind: "unknown" }],
		["jobs", { kind: "jobs" }],
		["Jobs!", { kind: "jobs" }],
		["jobs ?!!", { kind: "jobs" }],
		["list", { kind: "jobs" }],
		["list jobs", { kind: "jobs" }],
		["list all the jobs", { kind: "jobs" }],
		["show jobs", { kind: "jobs" }],
		["show the jobs!", { kind: "jobs" }],
		["Show me the jobs ?!", { kind: "jobs" }],
		["show me jobs", { kind: "jobs" }],
		["jobs please", { kind: "jobs" }],
		["Jobs, please!", { kind: "jobs" }],
		["show jobs please", { kind: "jobs" }],
		["please show me the jobs, thanks.", { kind: "jobs" }],
		["whoami please", { kind: "whoami" }],
		["help please", { kind: "help" }],
		["please", { kind: "help" }],
		["wish list", { kind: "unknown" }],
		["list of things", { kind: "unknown" }],
		["show jobs of today", { kind: "unknown" }],
		["job show jobs", { kind: "unknown" }],
		["tell me who am i", { kind: "unknown" }],
		["I need help", { kind: "unknown" }],
		["help me", { kind: "unknown" }],
		["whoami", { kind: "whoami" }],
		["Who am I?", { kind: "whoami" }],
		["help", { kind: "help" }],
		["?", { kind: "help" }],
		["hello", { kind: "help" }],
		["", { kind: "help" }],
		["<at>Recovery Control</at>", { kind: "help" }],
	])("%j is understood", (raw, command) => {
		expect(read(raw)).toMatchObject(command);
	});

	it.each([
		["cancle job 12", "cancel job <id>"],
		["job list", "jobs"],
		["statsu abc", "status <id>"],
		["whoamy please", "whoami"],
		["halp", "help"],
	])("%j gets a suggestion when it is near a command", (raw, suggestion) => {
		expect(read(raw)).toMatchObject({ suggestion });
	});

	it.each([
		["job list", { verb: "show-jobs", id: "jobs" }],
		["whoamy please", { verb: "show-whoami", id: "me" }],
		["halp", { verb: "show-help", id: "help" }],
		[`cancle job ${ID}`, { verb: "show-job", id: ID }],
		[`statsu of ${ID.toUpperCase()} and ${ID}`, { verb: "show-job", id: ID }],
		[`cancle ${ID} and ${OTHER}`, { verb: "show-jobs", id: "jobs" }],
		["cancle job 12", { verb: "show-jobs", id: "jobs" }],
	])("the suggestion for %j is a button, which never cancels", (raw, suggested) => {
		expect(read(raw)).toMatchObject({ kind: "unknown", suggested });
	});

	it("suggests nothing when nothing is near", () => {
		expect(read("what a lovely morning")).toStrictEqual({ kind: "unknown", text: "what a lovely morning" });
	});

	it("gives back no more than 200 characters, counted as people see emoji", () => {
		const echo = (text: string) => {
			const command = read(text);
			return command.kind === "unknown" ? command.text : command.kind;
		};
		expect(echo("🧯".repeat(200))).toBe("🧯".repeat(200));
		expect(echo("🧯".repeat(201))).toBe(`${"🧯".repeat(199)}…`);
		expect(read(`cancel ${"4".repeat(300)}`)).toMatchObject({ found: `${"4".repeat(199)}…` });
	});
});
