import type { Store, Task, Tx } from "../app/store.js";
import { appendAudit } from "./audit.js";
import { cancellationTable } from "./cancellations.js";
import { conversationTable } from "./conversations.js";
import type { Database, Sql } from "./database.js";
import { messageTable } from "./messages.js";
import { requestTable } from "./requests.js";

/** Puts a task into its queue, inside the given transaction. */
export type Enqueue = (sql: Sql, task: Task) => Promise<void>;

/** The store over a database; tasks go through `enqueue` in the same transaction as the state. */
export function createStore(database: Database, enqueue: Enqueue): Store {
	return {
		transaction: (work) =>
			database.transaction((sql) => {
				const tx: Tx = {
					...conversationTable(sql),
					...requestTable(sql),
					...cancellationTable(sql),
					...messageTable(sql),
					audit: (event) => appendAudit(sql, event),
					enqueue: (task) => enqueue(sql, task),
				};
				return work(tx);
			}),
	};
}
