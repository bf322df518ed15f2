import { createServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { createLogger, type Logger } from "../../src/telemetry/create-logger.js";

/** What a logger writes, line by line. */
function linesOf(write: (log: Logger) => void, level = "info"): string[] {
	const lines: string[] = [];
	write(createLogger(level, { write: (line) => void lines.push(line) }));
	return lines;
}

const lineOf = (write: (log: Logger) => void): Record<string, unknown> => JSON.parse(linesOf(write)[0] ?? "");

describe("the log", () => {
	it("is one line of JSON for each event, with the level as a word and the time as people write it", () => {
		expect(lineOf((log) => log.warn({ port: 1 }, "listening"))).toEqual({
			level: "warn",
			time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
			service: "recovery-control",
			port: 1,
			msg: "listening",
		});
	});

	it("keeps to its level", () => {
		const write = (log: Logger) => {
			log.info("info");
			log.warn("warn");
			log.error("error");
		};
		expect(linesOf(write, "warn")).toHaveLength(2);
		expect(linesOf(write, "info")).toHaveLength(3);
	});

	it("cuts out tokens and secrets wherever they stand", () => {
		const facts = {
			request: { authorization: "Bearer s3cret" },
			answer: { headers: { authorization: "Bearer s3cret", accept: "*/*" } },
			credential: { clientSecret: "s3cret", clientId: "id" },
		};
		const [line = ""] = linesOf((log) => log.info(facts, "sent"));
		expect(line).toMatch(/^\{.*\}\n$/u);
		expect(line).not.toContain("s3cret");
		expect(JSON.parse(line)).toMatchObject({
			request: { authorization: "[cut out]" },
			answer: { headers: { authorization: "[cut out]", accept: "*/*" } },
			credential: { clientSecret: "[cut out]", clientId: "id" },
		});
	});

	describe("of an error", () => {
		/** As the SDKs throw them: with the whole request on it, token included. */
		const sdkError = () =>
			Object.assign(new TypeError("no"), {
				code: "ECONNRESET",
				statusCode: 500,
				request: { headers: { authorization: "Bearer s3cret" }, body: "s3cret" },
				response: { request: { headers: { _headersMap: { authorization: { value: "Bearer s3cret" } } } } },
				config: { headers: { Authorization: "Bearer s3cret" } },
			});

		it.each([
			["under its name", (log: Logger, error: Error) => log.error({ err: error }, "failed")],
			["alone", (log: Logger, error: Error) => log.error(error)],
			["alone, with words", (log: Logger, error: Error) => log.error(error, "failed")],
		])("given %s is its facts, and never the request that hangs on it", (_how, write) => {
			const error = sdkError();
			const [line = ""] = linesOf((log) => write(log, error));
			expect(line).not.toContain("s3cret");
			expect(JSON.parse(line).err).toEqual({
				name: "TypeError",
				message: "no",
				code: "ECONNRESET",
				stack: error.stack,
			});
		});

		it("names its cause, and leaves the cause's own request away", () => {
			const error = new Error("could not send", { cause: sdkError() });
			const [line = ""] = linesOf((log) => log.error({ err: error }, "failed"));
			expect(line).not.toContain("s3cret");
			expect(JSON.parse(line).err).toEqual({
				name: "Error",
				message: "could not send",
				cause: { name: "TypeError", message: "no", code: "ECONNRESET" },
				stack: error.stack,
			});
		});

		it("tells nothing of what stands in a cause that is no error", () => {
			const error = new Error("no", { cause: { token: "s3cret" } });
			const { err } = lineOf((log) => log.error({ err: error }, "failed"));
			expect(err).toMatchObject({ name: "Error", message: "no", stack: error.stack });
			expect(JSON.stringify(err)).not.toContain("s3cret");
		});

		it.each([
			["text", "text"],
			[{ token: "s3cret" }, "not an error, but an object with: token"],
			[null, "null"],
		])("is what can be said of it when something else was thrown: %j", (thrown, message) => {
			const { err } = lineOf((log) => log.error({ err: thrown }, "failed"));
			expect(err).toEqual({ message });
		});
	});
});

describe("the reasons of an error in the log", () => {
	function logged(err: unknown) {
		const lines: string[] = [];
		createLogger("info", { write: (line) => lines.push(line) }).error({ err }, "failed");
		return JSON.parse(lines[0] ?? "{}").err;
	}

	it("names the reasons under a failed fetch, down to the last code", async () => {
		const gone = createServer().listen(0);
		const address = gone.address();
		const port = typeof address === "object" && address ? address.port : 0;
		await new Promise((resolve) => gone.close(resolve));
		const error = await fetch(`http://localhost:${port}/`).catch((e: unknown) => e);
		const line = logged(error);
		expect(line).toMatchObject({
			name: "TypeError",
			message: "fetch failed",
			cause: { code: "ECONNREFUSED" },
		});
		expect(JSON.stringify(line)).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
	});

	it("names every error that is gathered in one", () => {
		const both = new AggregateError([
			Object.assign(new Error("no route"), { code: "EHOSTUNREACH" }),
			Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
		]);
		expect(logged(new Error("could not connect", { cause: both }))).toMatchObject({
			message: "could not connect",
			cause: {
				name: "AggregateError",
				errors: [
					{ message: "no route", code: "EHOSTUNREACH" },
					{ message: "refused", code: "ECONNREFUSED" },
				],
			},
		});
	});

	it("reads errors that are plain copies", () => {
		expect(logged({ message: "connection refused", code: "ECONNREFUSED", stack: "Error: at" })).toEqual({
			message: "connection refused",
			code: "ECONNREFUSED",
			stack: "Error: at",
		});
		expect(logged("just words")).toEqual({ message: "just words" });
		expect(logged({ odd: "secret" }).message).toBe("not an error, but an object with: odd");
	});

	it("stays one short line however errors are nested, and leaves out whatever else hangs on them", () => {
		const error = Object.assign(new Error("round"), {
			request: { headers: { authorization: "Bearer secret" } },
		});
		error.cause = new Error("and round", { cause: error });
		const many = new AggregateError(Array.from({ length: 1_000 }, (_, n) => new Error(`number ${n}`)));
		for (const err of [error, many]) {
			const text = JSON.stringify(logged(err));
			expect(text.length).toBeLessThan(8_000);
			expect(text).not.toContain("secret");
		}
	});
});
