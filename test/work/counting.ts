import type { Database, Sql } from "../../src/store/database.js";

/** Every statement that reaches the database, begin and commit among them. */
export function counting(database: Database, statements: string[]): Database {
	const note = (text: string) => void statements.push(text.replaceAll(/\s+/gu, " ").trim());
	const noted = (sql: Sql): Sql => ({
		query(text, values) {
			note(text);
			return sql.query(text, values);
		},
	});
	const { db } = database.boss;
	return {
		...database,
		sql: noted(database.sql),
		async transaction(work) {
			note("begin");
			const result = await database.transaction((sql) => work(noted(sql)));
			note("commit");
			return result;
		},
		boss: {
			...database.boss,
			...(db && {
				db: {
					executeSql(text: string, values?: unknown[]) {
						note(text);
						return db.executeSql(text, values);
					},
				},
			}),
		},
	};
}
