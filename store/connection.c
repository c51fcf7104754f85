#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

extern int sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
extern int sqlite3_extended_result_codes(sqlite3 *db, int on);
extern void sqlite3_progress_handler(sqlite3 *db, int steps, int (*stopped)(void *), void *asker);
extern int sqlite3_bind_int64(sqlite3_stmt *statement, int place, int64_t value);
extern int sqlite3_bind_double(sqlite3_stmt *statement, int place, double value);
extern int sqlite3_bind_text(sqlite3_stmt *statement, int place, const char *value, int size, void (*release)(void *));
extern int sqlite3_bind_blob(sqlite3_stmt *statement, int place, const void *value, int size, void (*release)(void *));
extern int sqlite3_bind_null(sqlite3_stmt *statement, int place);
extern int sqlite3_clear_bindings(sqlite3_stmt *statement);
extern int sqlite3_step(sqlite3_stmt *statement);
extern int sqlite3_reset(sqlite3_stmt *statement);
extern int sqlite3_data_count(sqlite3_stmt *statement);
extern int sqlite3_stmt_readonly(sqlite3_stmt *statement);
extern sqlite3 *sqlite3_db_handle(sqlite3_stmt *statement);
extern int64_t sqlite3_changes64(sqlite3 *db);
extern sqlite3_value *sqlite3_column_value(sqlite3_stmt *statement, int column);
extern int sqlite3_value_type(sqlite3_value *value);
extern int64_t sqlite3_value_int64(sqlite3_value *value);
extern double sqlite3_value_double(sqlite3_value *value);
extern const unsigned char *sqlite3_value_text(sqlite3_value *value);
extern const void *sqlite3_value_blob(sqlite3_value *value);
extern int sqlite3_value_bytes(sqlite3_value *value);

#define NO_MUTEX 0x8000
#define TRANSIENT ((void (*)(void *))-1)

// After so many steps of SQLite's machine it is asked whether to go on: some tenths of a millisecond.
#define STEPS 10000

// So many bytes of rows are enough at once.
#define ENOUGH 65536

static int stopped(void *asker) { return connectionStopped((uintptr_t)asker); }

int open_connection(const char *path, int mode, const char *pragmas, uintptr_t asker, sqlite3 **db) {
	int code = sqlite3_open_v2(path, db, mode | NO_MUTEX, 0);
	if (code == OK) code = sqlite3_extended_result_codes(*db, 1);
	if (code == OK) code = sqlite3_busy_timeout(*db, BUSY_MILLISECONDS);
	if (code == OK) code = sqlite3_exec(*db, pragmas, 0, 0, 0);
	if (code == OK) sqlite3_progress_handler(*db, STEPS, stopped, (void *)asker);
	return code;
}

// bind gives a statement its values, and returns those behind them.
static const unsigned char *bind(sqlite3_stmt *statement, const unsigned char *values, int *code) {
	int count = sqlite3_bind_parameter_count(statement);
	for (int place = 1; place <= count && *code == OK; place++) {
		int64_t number;
		double real;
		uint32_t length;
		int type = *values++;
		switch (type) {
		case INTEGER:
			memcpy(&number, values, sizeof number);
			values += sizeof number;
			*code = sqlite3_bind_int64(statement, place, number);
			break;
		case FLOAT:
			memcpy(&real, values, sizeof real);
			values += sizeof real;
			*code = sqlite3_bind_double(statement, place, real);
			break;
		case TEXT:
		case BLOB:
			memcpy(&length, values, sizeof length);
			values += sizeof length;
			*code = type == TEXT ? sqlite3_bind_text(statement, place, (const char *)values, length, TRANSIENT)
			                     : sqlite3_bind_blob(statement, place, values, length, TRANSIENT);
			values += length;
			break;
		default:
			*code = sqlite3_bind_null(statement, place);
		}
	}
	return values;
}

// room returns the place for some more bytes of a chunk, or NULL.
static unsigned char *room(chunk *rows, size_t size) {
	if (rows->room - rows->used < size) {
		size_t wanted = rows->room < 4096 ? 4096 : rows->room;
		while (wanted - rows->used < size) wanted *= 2;
		unsigned char *data = realloc(rows->data, wanted);
		if (!data) return 0;
		rows->data = data;
		rows->room = wanted;
	}
	unsigned char *place = rows->data + rows->used;
	rows->used += size;
	return place;
}

// put_value appends a value to a chunk.
static int put_value(sqlite3_value *value, chunk *rows) {
	unsigned char *place;
	int type = sqlite3_value_type(value);
	switch (type) {
	case INTEGER: {
		int64_t number = sqlite3_value_int64(value);
		if (!(place = room(rows, 1 + sizeof number))) return NOMEM;
		memcpy(place + 1, &number, sizeof number);
		break;
	}
	case FLOAT: {
		double real = sqlite3_value_double(value);
		if (!(place = room(rows, 1 + sizeof real))) return NOMEM;
		memcpy(place + 1, &real, sizeof real);
		break;
	}
	case TEXT:
	case BLOB: {
		const void *bytes = type == TEXT ? (const void *)sqlite3_value_text(value) : sqlite3_value_blob(value);
		uint32_t length = sqlite3_value_bytes(value);
		if (!bytes && (type == TEXT || length > 0)) return NOMEM;
		if (!(place = room(rows, 1 + sizeof length + length))) return NOMEM;
		memcpy(place + 1, &length, sizeof length);
		if (length > 0) memcpy(place + 1 + sizeof length, bytes, length);
		break;
	}
	default:
		if (!(place = room(rows, 1))) return NOMEM;
	}
	*place = type;
	return OK;
}

// put_row appends the row that a statement stands on.
static int put_row(sqlite3_stmt *statement, chunk *rows) {
	size_t start = rows->used;
	uint32_t size;
	if (!room(rows, sizeof size)) return NOMEM;
	int columns = sqlite3_data_count(statement);
	for (int column = 0; column < columns; column++) {
		if (put_value(sqlite3_column_value(statement, column), rows) != OK) return NOMEM;
	}
	size = rows->used - start - sizeof size;
	memcpy(rows->data + start, &size, sizeof size);
	return OK;
}

// put_rows steps through a statement and appends its rows, until it is done or, unless all of them are wanted, there are enough.
static int put_rows(sqlite3_stmt *statement, chunk *rows, int all) {
	int code;
	while ((code = sqlite3_step(statement)) == ROW) {
		if (put_row(statement, rows) != OK) return NOMEM;
		if (!all && rows->used >= ENOUGH) return ROW;
	}
	return code;
}

int run_statement(sqlite3_stmt *statement, chunk *rows, const unsigned char *values, size_t size) {
	const unsigned char *end = values ? values + size : 0;
	int code = OK;
	rows->used = 0;
	if (values) rows->changes = 0;
	do {
		if (values) values = bind(statement, values, &code);
		if (code == OK) code = put_rows(statement, rows, values < end);
		if (code == ROW) return ROW;
		if (code == DONE && !sqlite3_stmt_readonly(statement)) rows->changes += sqlite3_changes64(sqlite3_db_handle(statement));
		end_statement(statement);
		if (code == DONE && values < end) code = OK;
	} while (code == OK);
	return code;
}

void end_statement(sqlite3_stmt *statement) {
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

void release_chunk(chunk *rows) {
	free(rows->data);
	rows->data = 0;
	rows->used = rows->room = 0;
}
