import { describe, expect, it } from "@jest/globals";
import { logAudited } from "../../src/telemetry/log-audited.js";

const actor = { tenantId: "t", userId: "user-1", name: "Anna Admin" };

/** The line that an event leaves. */
function lineOf(event: Partial<Parameters<typeof logAudited>[1]>) {
	const lines: { level: string; facts: object; message: string }[] = [];
	const level = (name: string) => (facts: object, message: string) =>
		void lines.push({ level: name, facts, message });
	const log = { info: level("info"), warn: level("warn"), error: level("error") };
	logAudited(log, { at: new Date(0), type: "x", facts: {}, ...event });
	expect(lines).toHaveLength(1);
	return lines[0];
}

describe("the log line of an audit event", () => {
	it("names the event, the record, the job and the person by their ids", () => {
		expect(
			lineOf({ type: "cancel.opened", cancellationId: "c", jobId: "j", actor, facts: { receipt: "RC-1" } }),
		).toEqual({
			level: "info",
			facts: { event: "cancel.opened", cancellationId: "c", jobId: "j", userId: "user-1", receipt: "RC-1" },
			message: "cancel.opened",
		});
	});

	it("holds no names and no words of people", () => {
		const line = lineOf({
			type: "request.received",
			actor,
			facts: {
				requestId: "r",
				via: "message",
				reason: "secret words",
				command: { kind: "cancel", jobId: "j", reason: "secret words" },
				by: actor,
				grant: { by: "role", roleId: "role-1", roleName: "Entra Backup Administrator" },
				conversation: "19:chat",
			},
		});
		expect(JSON.stringify(line)).not.toMatch(/Anna|secret|Entra|19:chat/u);
		expect(line?.facts).toMatchObject({ requestId: "r", via: "message", roleId: "role-1" });
	});

	it("tells what Graph answered, with both request ids apart", () => {
		expect(
			lineOf({
				type: "cancel.attempt-answered",
				facts: {
					clientRequestId: "ours",
					answer: {
						kind: "rejected",
						code: "forbidden",
						httpStatus: 403,
						requestId: "theirs",
						detail: "HTTP 403",
					},
				},
			})?.facts,
		).toEqual({
			event: "cancel.attempt-answered",
			clientRequestId: "ours",
			kind: "rejected",
			code: "forbidden",
			httpStatus: 403,
			graphRequestId: "theirs",
			detail: "HTTP 403",
		});
	});

	it("tells why a read failed, with the cause of a broken connection", () => {
		const problem = { kind: "problem", code: "unavailable", detail: "request: fetch failed (ECONNREFUSED)" };
		expect(lineOf({ type: "cancel.job-unreadable", facts: { denied: false, problem } })).toMatchObject({
			level: "warn",
			facts: { denied: false, code: "unavailable", detail: "request: fetch failed (ECONNREFUSED)" },
		});
	});

	it("tells how it ended and why", () => {
		const outcome = { state: "refused", why: { by: "graph", code: "forbidden", httpStatus: 403 } };
		expect(lineOf({ type: "cancel.refused", facts: { receipt: "RC-1", outcome } })).toMatchObject({
			level: "warn",
			facts: { receipt: "RC-1", state: "refused", by: "graph", code: "forbidden", httpStatus: 403 },
		});
	});

	it.each([
		"request.refused",
		"request.unchecked",
		"request.failed",
		"cancel.refused",
		"cancel.lost-track",
		"cancel.standing-lost",
		"cancel.standing-unreadable",
		"cancel.rejection-confirmed",
		"message.failed",
		"message.unconfirmed",
	])("is a warning for %s", (type) => {
		expect(lineOf({ type })?.level).toBe("warn");
	});

	it.each(["request.received", "request.answered", "cancel.stopping", "cancel.abandoned", "cancel.too-late"])(
		"is no warning for %s",
		(type) => {
			expect(lineOf({ type })?.level).toBe("info");
		},
	);
});
