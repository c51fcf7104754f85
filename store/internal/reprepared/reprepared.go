// Package reprepared lets tests see which statements SQLite had to prepare once more. Whoever imports it finds, on every connection that
// is opened, the SQL function reprepared(): the text of a statement of that connection that was prepared anew since this was last asked, or
// null. Statements that don't begin with the name that each of the store's has are left out, as those of full-text search.
// The program itself never imports it.
package reprepared

/*
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;
extern int sqlite3_auto_extension(void (*opened)(void));
extern int sqlite3_create_function_v2(sqlite3 *db, const char *name, int values, int flags, void *data,
	void (*run)(sqlite3_context *, int, sqlite3_value **), void (*step)(sqlite3_context *, int, sqlite3_value **),
	void (*end)(sqlite3_context *), void (*release)(void *));
extern sqlite3 *sqlite3_context_db_handle(sqlite3_context *context);
extern sqlite3_stmt *sqlite3_next_stmt(sqlite3 *db, sqlite3_stmt *before);
extern int sqlite3_stmt_status(sqlite3_stmt *statement, int counter, int reset);
extern const char *sqlite3_sql(sqlite3_stmt *statement);
extern void sqlite3_result_text(sqlite3_context *context, const char *text, int size, void (*release)(void *));

#define UTF8 1
#define REPREPARE 5
#define TRANSIENT ((void (*)(void *))-1)

static void reprepared(sqlite3_context *context, int count, sqlite3_value **values) {
	sqlite3 *db = sqlite3_context_db_handle(context);
	(void)count;
	(void)values;
	for (sqlite3_stmt *s = sqlite3_next_stmt(db, 0); s; s = sqlite3_next_stmt(db, s)) {
		const char *text = sqlite3_sql(s);
		if (sqlite3_stmt_status(s, REPREPARE, 1) > 0 && text && text[0] == '/') sqlite3_result_text(context, text, -1, TRANSIENT);
	}
}

static int opened(sqlite3 *db, char **message, const void *api) {
	(void)message;
	(void)api;
	return sqlite3_create_function_v2(db, "reprepared", 0, UTF8, 0, reprepared, 0, 0, 0);
}

static int watch(void) { return sqlite3_auto_extension((void (*)(void))opened); }
*/
import "C"

import (
	"fmt"

	_ "github.com/mattn/go-sqlite3" // which brings SQLite
)

func init() {
	if code := C.watch(); code != 0 {
		panic(fmt.Sprintf("SQLite refused to be watched, with code %d", code))
	}
}
