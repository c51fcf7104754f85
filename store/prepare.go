package store

/*
#include <math.h>

#cgo LDFLAGS: -lm

// The functions of SQLite's that the driver does not offer; it brings them, and no header.
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;
extern int sqlite3_auto_extension(void (*opened)(void));
extern int sqlite3_db_config(sqlite3 *db, int option, ...);
extern int sqlite3_create_function_v2(sqlite3 *db, const char *name, int values, int flags, void *data,
	void (*run)(sqlite3_context *, int, sqlite3_value **), void (*step)(sqlite3_context *, int, sqlite3_value **),
	void (*end)(sqlite3_context *), void (*release)(void *));
extern double sqlite3_value_double(sqlite3_value *value);
extern void sqlite3_result_double(sqlite3_context *context, double result);

#define ENABLE_QPSG 1007
#define UTF8 1
#define DETERMINISTIC 0x800

static void natural_logarithm(sqlite3_context *context, int count, sqlite3_value **values) {
	(void)count;
	sqlite3_result_double(context, log(sqlite3_value_double(values[0])));
}

extern void recent_json(sqlite3_context *context, int count, sqlite3_value **values); // recent.c

static int opened(sqlite3 *db, char **message, const void *api) {
	(void)message;
	(void)api;
	int code = sqlite3_db_config(db, ENABLE_QPSG, 1, (int *)0);
	if (code != 0) return code;
	code = sqlite3_create_function_v2(db, "ln", 1, UTF8 | DETERMINISTIC, 0, natural_logarithm, 0, 0, 0);
	if (code != 0) return code;
	return sqlite3_create_function_v2(db, "recent_json", 1, UTF8 | DETERMINISTIC, 0, recent_json, 0, 0, 0);
}

static int prepare_all(void) { return sqlite3_auto_extension((void (*)(void))opened); }
*/
import "C"

import "fmt"

// Every connection gets the logarithm, which SQLite is built without, and what reads metric_recent, and keeps its plans. SQLite otherwise looks at the values of
// arguments when it plans, and plans every statement anew each time that it runs: two thirds of the time of a short one. Its query
// planner stability guarantee ends that. No statement gains by a plan for its very arguments, since each names the one index that it
// is for.
func init() {
	if code := C.prepare_all(); code != 0 {
		panic(fmt.Sprintf("SQLite refused to prepare connections, with code %d", code))
	}
}
