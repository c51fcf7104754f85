// What connection.go calls of connection.c, and of SQLite, which the driver brings without a header.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_value sqlite3_value;

extern int sqlite3_exec(sqlite3 *db, const char *sql, void *row, void *argument, char **message);
extern int sqlite3_busy_timeout(sqlite3 *db, int milliseconds);
extern int sqlite3_compileoption_used(const char *option);
extern const char *sqlite3_errmsg(sqlite3 *db);
extern int sqlite3_db_status(sqlite3 *db, int what, int *now, int *most, int reset);
extern int sqlite3_close(sqlite3 *db);
extern int sqlite3_prepare_v3(sqlite3 *db, const char *sql, int size, unsigned int flags, sqlite3_stmt **made, const char **rest);
extern int sqlite3_bind_parameter_count(sqlite3_stmt *statement);
extern int sqlite3_column_count(sqlite3_stmt *statement);
extern const char *sqlite3_column_name(sqlite3_stmt *statement, int column);
extern int sqlite3_finalize(sqlite3_stmt *statement);

// The types of values, as SQLite numbers them, and codes that it answers with.
enum { INTEGER = 1, FLOAT = 2, TEXT = 3, BLOB = 4, NONE = 5 };
enum { OK = 0, NOMEM = 7, RANGE = 25, ROW = 100, DONE = 101 };

// How long a connection waits for another one that writes.
#define BUSY_MILLISECONDS 5000

// What is asked of a connection: how many pages it wrote.
enum { CACHE_WRITE = 9 };

// How a connection is opened, and a statement prepared.
enum { READONLY = 1, READWRITE = 2 };
#define PERSISTENT 1

// chunk holds rows one behind the other: the size of what follows in four bytes, then the values. A value is a byte with its type,
// and eight bytes of a number, or the size of a text or blob in four bytes and the text. Numbers are in the machine's order.
typedef struct {
	unsigned char *data;
	size_t used, room;
	int64_t changes; // of rows, by the statement that the chunk is of
} chunk;

// open_connection opens a connection in a mode. Now and then while a statement runs it asks connectionStopped(asker) whether to go on.
int open_connection(const char *path, int mode, const char *pragmas, uintptr_t asker, sqlite3 **db);

// run_statement steps through a statement until it is done or there are rows enough in the chunk: ROW says that there may be more. Values
// is what the statement is begun with, in the form of a row; where that is enough for several runs, there are as many, and rows of all of
// them; NULL goes on with the last. What ended by itself is reset.
int run_statement(sqlite3_stmt *statement, chunk *rows, const unsigned char *values, size_t size);

// end_statement resets a statement.
void end_statement(sqlite3_stmt *statement);

// release_chunk gives back the room of a chunk.
void release_chunk(chunk *rows);
