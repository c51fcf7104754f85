#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// What of SQLite the driver does not offer; it brings it, and no header.
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_value sqlite3_value;
extern const void *sqlite3_value_blob(sqlite3_value *value);
extern int sqlite3_value_bytes(sqlite3_value *value);
extern void sqlite3_result_text(sqlite3_context *context, const char *text, int size, void (*release)(void *));
extern void sqlite3_result_error(sqlite3_context *context, const char *text, int size);

#define SHORTEST 11 // how many bytes something counted takes at least
#define LONGEST 240 // and in JSON at most

// signed_at reads a signed varint of encoding/binary, and goes on behind it: beyond the end where it breaks off.
static int64_t signed_at(const uint8_t **at, const uint8_t *end) {
	uint64_t n = 0;
	for (int shift = 0; *at < end && shift < 64; shift += 7) {
		uint8_t byte = *(*at)++;
		n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
	}
	*at = end + 1;
	return 0;
}

// recent_json returns a row of metric_recent as a JSON array: of each thing counted its quarter, null where that is not kept, its day, kind
// and value, and its figures.
void recent_json(sqlite3_context *context, int count, sqlite3_value **values) {
	(void)count;
	const uint8_t *at = sqlite3_value_blob(values[0]);
	int size = sqlite3_value_bytes(values[0]);
	const uint8_t *end = at + size;
	char *text = malloc((size_t)(size / SHORTEST + 1) * LONGEST), *to = text;
	if (text == 0) {
		sqlite3_result_error(context, "no memory is left", -1);
		return;
	}
	*to++ = '[';
	while (at < end) {
		if (end - at < SHORTEST) {
			free(text);
			sqlite3_result_error(context, "recent figures of metrics that can't be read", -1);
			return;
		}
		at++; // the size
		uint8_t first = *at++;
		int64_t quarter = signed_at(&at, end), day = quarter / 96 - (quarter % 96 < 0), n[7];
		if (at <= end) day += signed_at(&at, end);
		if (at <= end) n[0] = signed_at(&at, end);
		if (at <= end && first >> 1 == 1) signed_at(&at, end); // the number of a post
		for (int i = 1; i < 7; i++) {
			if (at <= end) n[i] = signed_at(&at, end);
		}
		if (at > end) {
			free(text);
			sqlite3_result_error(context, "recent figures of metrics that can't be read", -1);
			return;
		}
		if (to[-1] != '[') *to++ = ',';
		to += first & 1 ? sprintf(to, "[null") : sprintf(to, "[%lld", (long long)quarter);
		to += sprintf(to, ",%lld,%d", (long long)day, first >> 1);
		for (int i = 0; i < 7; i++) to += sprintf(to, ",%lld", (long long)n[i]);
		*to++ = ']';
	}
	*to++ = ']';
	sqlite3_result_text(context, text, (int)(to - text), free);
}
