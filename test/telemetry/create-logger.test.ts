import { createServer } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { createLogger } from "../../src/telemetry/create-logger.js";

describe("the log", () => {
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
