import pg from "pg";
import { StatementNames } from "./statement-names.js";

/** One set for all connections: each prepares a statement under the same name when it first sends it. */
const names = new StatementNames();

/** A connection that prepares the statements which come again and again; a pool makes its connections of it. */
export class PreparingClient extends pg.Client {
	// The many ways in which `query` can be called all begin with the text, or with an object that says more.
	override query(...given: unknown[]): never {
		const [text, ...more] = given;
		const name = typeof text === "string" ? names.of(text) : undefined;
		const first = name === undefined ? text : { name, text };
		return Reflect.apply(super.query, this, [first, ...more]) as never;
	}
}
