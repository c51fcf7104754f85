package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/adrg/frontmatter"
	"gopkg.in/yaml.v2"
)

// value is a value of front matter: a text (also of a number, a date or a truth value, as it was written), a list, or
// fields. The zero value is "nothing".
type value struct {
	text   string
	list   []value
	fields matter
}

// matter is front matter, its keys folded by foldKey.
type matter map[string]value

// foldKey makes publish_date, publish-date and publishDate one key.
func foldKey(key string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(strings.TrimSpace(key)))
}

// nests are the keys below which generators keep what their users add.
var nests = []string{"params", "extra"}

// get returns the first of keys that has a value, on the top level or in a nest.
func (m matter) get(keys ...string) value {
	for _, key := range keys {
		if v := m[key]; !v.empty() {
			return v
		}
	}
	for _, nest := range nests {
		for _, key := range keys {
			if v := m[nest].fields[key]; !v.empty() {
				return v
			}
		}
	}
	return value{}
}

// text returns the first of keys that has a text.
func (m matter) text(keys ...string) string {
	for _, key := range keys {
		if text := strings.TrimSpace(m.get(key).text); text != "" {
			return text
		}
	}
	return ""
}

func (v value) empty() bool { return v.text == "" && len(v.list) == 0 && len(v.fields) == 0 }

// yes tells whether the value is true in the words of YAML, TOML or JSON.
func (v value) yes() bool {
	switch strings.ToLower(v.text) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

func (v value) no() bool {
	switch strings.ToLower(v.text) {
	case "false", "no", "off", "0":
		return true
	}
	return false
}

// UnmarshalYAML reads any YAML value, texts as they are written: 1.10 is no number here.
func (v *value) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&v.text) == nil {
		return nil
	}
	if unmarshal(&v.list) == nil {
		return nil
	}
	var fields map[string]value
	if err := unmarshal(&fields); err != nil {
		return err
	}
	v.fields = foldKeys(fields)
	return nil
}

func foldKeys(fields map[string]value) matter {
	folded := make(matter, len(fields))
	for key, field := range fields {
		folded[foldKey(key)] = field
	}
	return folded
}

// valueOf returns what TOML or JSON decoded.
func valueOf(decoded any) value {
	switch decoded := decoded.(type) {
	case nil:
		return value{}
	case string:
		return value{text: decoded}
	case time.Time:
		return value{text: timeText(decoded)}
	case []any:
		list := make([]value, len(decoded))
		for i, item := range decoded {
			list[i] = valueOf(item)
		}
		return value{list: list}
	case []map[string]any:
		list := make([]value, len(decoded))
		for i, item := range decoded {
			list[i] = valueOf(item)
		}
		return value{list: list}
	case map[string]any:
		fields := make(matter, len(decoded))
		for key, field := range decoded {
			fields[foldKey(key)] = valueOf(field)
		}
		return value{fields: fields}
	case float64:
		return value{text: strconv.FormatFloat(decoded, 'f', -1, 64)}
	}
	return value{text: fmt.Sprint(decoded)}
}

// timeText writes a TOML time as it stood in the file: local ones name no zone.
func timeText(t time.Time) string {
	switch t.Location().String() {
	case "date-local":
		return t.Format(time.DateOnly)
	case "datetime-local":
		return t.Format("2006-01-02T15:04:05.999999999")
	case "time-local":
		return t.Format(time.TimeOnly)
	}
	return t.Format(time.RFC3339Nano)
}

func decodeYAML(data []byte, into any) error {
	var fields map[string]value
	if err := yaml.Unmarshal(data, &fields); err != nil {
		return err
	}
	*into.(*matter) = foldKeys(fields)
	return nil
}

func decodeTOML(data []byte, into any) error {
	var fields map[string]any
	if err := toml.Unmarshal(data, &fields); err != nil {
		return err
	}
	*into.(*matter) = valueOf(fields).fields
	return nil
}

func decodeJSON(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return err
	}
	*into.(*matter) = valueOf(fields).fields
	return nil
}

var matterFormats = []*frontmatter.Format{
	frontmatter.NewFormat("---", "---", bounded(decodeYAML)),
	frontmatter.NewFormat("---yaml", "---", bounded(decodeYAML)),
	frontmatter.NewFormat("+++", "+++", bounded(decodeTOML, checkTOML)),
	frontmatter.NewFormat("---toml", "---", bounded(decodeTOML, checkTOML)),
	frontmatter.NewFormat("---json", "---", bounded(decodeJSON)),
	{Start: "{", End: "}", Unmarshal: bounded(decodeJSON), UnmarshalDelims: true, RequiresNewLine: true},
}

// errNoMatter says that a text begins with no front matter, or with some that has no end.
var errNoMatter = errors.New("no front matter")

// splitMatter takes the front matter off a text with LF line ends. It returns the rest, and the number of the line that
// the rest begins on. A fault in the front matter is a *matterError.
func splitMatter(text []byte) (matter, string, int64, error) {
	var fields matter
	rest, err := frontmatter.MustParse(bytes.NewReader(text), &fields, matterFormats...)
	if errors.Is(err, frontmatter.ErrNotFound) {
		return nil, "", 0, errNoMatter
	}
	if err != nil {
		return nil, "", 0, newMatterError(text, err)
	}
	line := int64(bytes.Count(text[:len(text)-len(rest)], []byte("\n"))) + 1
	return fields, string(rest), line, nil
}

// matterError is front matter that can't be read, with the line of the file where that shows.
type matterError struct {
	line   int64
	detail string
}

func (e *matterError) Error() string { return e.detail }

var yamlLine = regexp.MustCompile(`\bline (\d+): `)

func newMatterError(text []byte, err error) *matterError {
	blank := len(text) - len(bytes.TrimLeft(text, "\n \t"))
	before := int64(bytes.Count(text[:blank], []byte("\n"))) + 1 // the line of the opening delimiter
	found := &matterError{line: before, detail: strings.Join(strings.Fields(err.Error()), " ")}
	if fault, ok := errors.AsType[toml.ParseError](err); ok {
		found.line, found.detail = before+int64(fault.Position.Line), fault.Message
	} else if match := yamlLine.FindStringSubmatchIndex(found.detail); match != nil {
		line, _ := strconv.ParseInt(found.detail[match[2]:match[3]], 10, 64)
		found.line, found.detail = before+line, found.detail[match[1]:]
	}
	return found
}
