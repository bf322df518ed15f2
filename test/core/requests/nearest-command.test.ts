import { describe, expect, it } from "@jest/globals";
import { nearestCommand } from "../../../src/core/requests/nearest-command.js";

describe("the nearest command", () => {
	it.each([
		["cancel", "cancel job <id>"],
		["stop", "cancel job <id>"],
		["abort", "cancel job <id>"],
		["jobs", "jobs"],
		["list", "jobs"],
		["status", "status <id>"],
		["whoami", "whoami"],
		["help", "help"],
	])("of %j is %j", (word, command) => {
		expect(nearestCommand(word)).toBe(command);
		expect(nearestCommand(`(${word.toUpperCase()})`)).toBe(command);
	});

	it.each([
		["cancle", "cancel job <id>"],
		["xxcancel", "cancel job <id>"],
		["cancelxx", "cancel job <id>"],
		["ncel", "cancel job <id>"],
		["canc", "cancel job <id>"],
		["stpo", undefined],
		["sotp", undefined],
		["stopp", "cancel job <id>"],
		["xstop", "cancel job <id>"],
		["sto", "cancel job <id>"],
		["top", "cancel job <id>"],
		["abart", "cancel job <id>"],
		["abrot", undefined],
		["jbs", "jobs"],
		["lisst", "jobs"],
		["statsu", "status <id>"],
		["stats", "status <id>"],
		["state", "status <id>"],
		["sta", undefined],
		["whoiam", "whoami"],
		["who", undefined],
		["halp", "help"],
		["hlp", "help"],
		["hep", "help"],
		["hlep", undefined],
		["helping", undefined],
		["xxxcancel", undefined],
		["cnc", undefined],
		["", undefined],
		["12 ... 34", undefined],
	])("forgives one mistake in a short word and two in a long one: %j is %j", (word, command) => {
		expect(nearestCommand(word)).toBe(command);
	});

	it("is that of the first word that is near to one, among six", () => {
		expect(nearestCommand("please halp me stop it")).toBe("help");
		expect(nearestCommand("a b c d e jobs")).toBe("jobs");
		expect(nearestCommand(" - a, b; c: d? e! jobs")).toBe("jobs");
		expect(nearestCommand("a b c d e f jobs")).toBeUndefined();
	});

	it("takes letters of every alphabet for letters", () => {
		expect(nearestCommand("ячjobs")).toBeUndefined();
		expect(nearestCommand("hèlp")).toBe("help");
	});
});
