package httpd

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"headwater/logic"
)

// get returns the address of a GET request with parameters given as name, value, name, value.
func get(values ...string) string {
	query := url.Values{}
	for i := 0; i < len(values); i += 2 {
		query.Add(values[i], values[i+1])
	}
	return "/graphql?" + query.Encode()
}

// TestSpecification holds the transport to the GraphQL-over-HTTP specification, request by request.
func TestSpecification(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const (
		asJSON     = "application/json; charset=utf-8"
		asResponse = "application/graphql-response+json; charset=utf-8"
	)
	tests := map[string]struct {
		reason              string
		method, path, body  string // POST /graphql where left out
		contentType, accept string // application/json and none where left out; "-" for none
		status              int
		media               string // asResponse where left out
		code                logic.Code
		data                string // "-" where there must be none; not looked at where empty
		allow               string
	}{
		"a query":                         {body: `{"query":"{__typename}"}`, status: 200, data: `{"__typename":"Query"}`},
		"accepts the response media type": {body: `{"query":"{__typename}"}`, accept: mediaResponse, status: 200, data: `{"__typename":"Query"}`},
		"accepts JSON":                    {body: `{"query":"{__typename}"}`, accept: mediaJSON, status: 200, media: asJSON, data: `{"__typename":"Query"}`},
		"accepts anything":                {body: `{"query":"{__typename}"}`, accept: "*/*", status: 200},
		"prefers by quality":              {body: `{"query":"{__typename}"}`, accept: mediaResponse + ";q=0.5, " + mediaJSON, status: 200, media: asJSON},
		"as the specification recommends to clients": {body: `{"query":"{__typename}"}`, accept: mediaResponse + ", application/json;q=0.9", status: 200},
		"a browser's own header":                     {body: `{"query":"{__typename}"}`, accept: "text/html,application/xhtml+xml,*/*;q=0.8", status: 200},
		"accepts something else":                     {body: `{"query":"{__typename}"}`, accept: "text/html", status: 406, media: asJSON, code: logic.CodeBadRequest, data: "-"},
		"accepts neither, by quality":                {body: `{"query":"{__typename}"}`, accept: "*/*;q=0", status: 406, media: asJSON, code: logic.CodeBadRequest},
		"accepts another charset":                    {body: `{"query":"{__typename}"}`, accept: "application/json;charset=latin1", status: 406, media: asJSON, code: logic.CodeBadRequest},

		"charset utf-8":           {body: `{"query":"{__typename}"}`, contentType: "application/json; charset=utf-8", status: 200},
		"charset UTF-8 in quotes": {body: `{"query":"{__typename}"}`, contentType: `application/json;charset="UTF-8"`, status: 200},
		"another charset":         {body: `{"query":"{__typename}"}`, contentType: "application/json; charset=utf-16", status: 415, code: logic.CodeBadRequest},
		"no content type":         {body: `{"query":"{__typename}"}`, contentType: "-", status: 415, code: logic.CodeBadRequest},
		"a form":                  {body: `query={__typename}`, contentType: "application/x-www-form-urlencoded", status: 415, code: logic.CodeBadRequest},
		"multipart":               {body: `x`, contentType: "multipart/form-data; boundary=x", status: 415, code: logic.CodeBadRequest},
		"plain text":              {body: `{"query":"{__typename}"}`, contentType: "text/plain", status: 415, code: logic.CodeBadRequest},
		"GraphQL as it stands":    {body: `{__typename}`, contentType: "application/graphql", status: 415, code: logic.CodeBadRequest},

		"another method":      {method: "PUT", body: `{"query":"{__typename}"}`, status: 405, code: logic.CodeBadRequest, allow: allowed},
		"deletion":            {method: "DELETE", status: 405, code: logic.CodeBadRequest, allow: allowed},
		"a question of means": {method: "OPTIONS", status: 204, media: "", allow: allowed},
		"HEAD":                {method: "HEAD", path: get("query", "{__typename}"), status: 200},

		"no body":                    {status: 400, code: logic.CodeBadRequest, data: "-"},
		"no JSON":                    {body: `NONSENSE`, status: 400, code: logic.CodeBadRequest, data: "-"},
		"no JSON, accepts JSON":      {body: `NONSENSE`, accept: mediaJSON, status: 400, media: asJSON, code: logic.CodeBadRequest, data: "-"},
		"JSON that ends too early":   {body: `{"query":`, status: 400, code: logic.CodeBadRequest, data: "-"},
		"two values":                 {body: `{"query":"{__typename}"} {}`, status: 400, code: logic.CodeBadRequest},
		"something behind":           {body: `{"query":"{__typename}"}]`, status: 400, code: logic.CodeBadRequest},
		"blanks behind":              {body: "{\"query\":\"{__typename}\"} \n", status: 200},
		"a batch":                    {body: `[{"query":"{__typename}"}]`, status: 400, code: logic.CodeBadRequest},
		"a string":                   {body: `"{__typename}"`, status: 400, code: logic.CodeBadRequest},
		"null":                       {body: `null`, status: 400, code: logic.CodeBadRequest},
		"a typing error":             {body: `{"qeury":"{__typename}"}`, status: 400, code: logic.CodeBadRequest, data: "-"},
		"another case":               {body: `{"Query":"{__typename}"}`, status: 400, code: logic.CodeBadRequest},
		"query is null":              {body: `{"query":null}`, status: 400, code: logic.CodeBadRequest},
		"query is a number":          {body: `{"query":7}`, status: 400, code: logic.CodeBadRequest},
		"query is an object":         {body: `{"query":{}}`, status: 400, code: logic.CodeBadRequest},
		"query twice":                {body: `{"query":"{__typename}","query":"{__typename}"}`, status: 400, code: logic.CodeBadRequest},
		"operationName is a number":  {body: `{"query":"{__typename}","operationName":1}`, status: 400, code: logic.CodeBadRequest},
		"operationName is null":      {body: `{"query":"{__typename}","operationName":null}`, status: 200},
		"operationName chooses":      {body: `{"query":"query A{a:__typename} query B{b:__typename}","operationName":"B"}`, status: 200, data: `{"b":"Query"}`},
		"variables are a list":       {body: `{"query":"{__typename}","variables":[7]}`, status: 400, code: logic.CodeBadRequest},
		"variables are a string":     {body: `{"query":"{__typename}","variables":"{}"}`, status: 400, code: logic.CodeBadRequest},
		"variables are null":         {body: `{"query":"{__typename}","variables":null}`, status: 200},
		"variables are an object":    {body: `{"query":"query($s:Boolean!){__typename @skip(if:$s)}","variables":{"s":true}}`, status: 200, data: `{}`},
		"extensions are a number":    {body: `{"query":"{__typename}","extensions":1}`, status: 400, code: logic.CodeBadRequest},
		"extensions are an object":   {body: `{"query":"{__typename}","extensions":{"a":1}}`, status: 200},
		"a member that nobody knows": {body: `{"query":"{__typename}","id":"x"}`, status: 200},
		"bytes that are no UTF-8":    {body: "{\"query\":\"{__typename}\xff\"}", status: 400, code: logic.CodeBadRequest},
		"deep variables":             {body: `{"query":"{__typename}","variables":{"a":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + `}}`, status: 400, code: logic.CodeBadRequest},
		"brackets in a string":       {body: `{"query":"{__typename}","variables":{"a":"` + strings.Repeat("[", 1000) + `"}}`, status: 200},
		"a body past the limit":      {body: `{"query":"` + strings.Repeat(" ", 1<<20) + `{__typename}"}`, status: 413, code: logic.CodeBadRequest},

		"a document that can't be parsed":               {body: `{"query":"{"}`, status: 400, code: logic.CodeParseFailed, data: "-"},
		"a document that can't be parsed, accepts JSON": {body: `{"query":"{"}`, accept: mediaJSON, status: 200, media: asJSON, code: logic.CodeParseFailed, data: "-"},
		"an empty document":                             {body: `{"query":""}`, status: 400, code: logic.CodeParseFailed, data: "-"},
		"an unknown field":                              {body: `{"query":"{nope}"}`, status: 400, code: logic.CodeValidationFailed, data: "-"},
		"an unknown field, accepts JSON":                {body: `{"query":"{nope}"}`, accept: mediaJSON, status: 200, media: asJSON, code: logic.CodeValidationFailed, data: "-"},
		"no operation of that name":                     {body: `{"query":"query A{__typename}","operationName":"B"}`, status: 400, code: logic.CodeBadRequest, data: "-"},
		"no operation of that name, accepts JSON":       {body: `{"query":"query A{__typename}","operationName":"B"}`, accept: mediaJSON, status: 200, media: asJSON, code: logic.CodeBadRequest, data: "-"},
		"two operations and no name":                    {body: `{"query":"query A{__typename} query B{__typename}"}`, status: 400, code: logic.CodeBadRequest, data: "-"},
		"a variable that can't be":                      {body: `{"query":"query($i:Int!){posts(first:$i){totalCount}}","variables":{"i":null}}`, status: 400, code: logic.CodeValidationFailed, data: "-"},
		"a variable that can't be, accepts JSON":        {body: `{"query":"query($i:Int!){posts(first:$i){totalCount}}","variables":{"i":null}}`, accept: mediaJSON, status: 200, media: asJSON, code: logic.CodeValidationFailed, data: "-"},
		"too many aliases":                              {body: `{"query":"{` + strings.Repeat("a:__typename ", 200) + `}"}`, status: 400, code: logic.CodeTooComplex, data: "-"},
		"an error in one field":                         {body: `{"query":"{__typename posts(first:1000){totalCount}}"}`, status: 200, code: logic.CodeBadRequest, data: "null"},

		"a query by GET":                   {method: "GET", path: get("query", "{__typename}"), status: 200, data: `{"__typename":"Query"}`},
		"GET with all parameters":          {method: "GET", path: get("query", "query A($s:Boolean!){__typename @skip(if:$s)} query B{__typename}", "operationName", "A", "variables", `{"s":true}`, "extensions", "{}"), status: 200, data: `{}`},
		"GET with an empty operationName":  {method: "GET", path: get("query", "{__typename}", "operationName", ""), status: 200},
		"GET with empty variables":         {method: "GET", path: get("query", "{__typename}", "variables", "", "extensions", "null"), status: 200},
		"GET without a query":              {method: "GET", path: "/graphql", status: 400, code: logic.CodeBadRequest, data: "-"},
		"GET with two queries":             {method: "GET", path: get("query", "{__typename}", "query", "{__typename}"), status: 400, code: logic.CodeBadRequest},
		"GET with variables that are none": {method: "GET", path: get("query", "{__typename}", "variables", "[1"), status: 400, code: logic.CodeBadRequest},
		"GET with a list of variables":     {method: "GET", path: get("query", "{__typename}", "variables", "[1]"), status: 400, code: logic.CodeBadRequest},
		"GET with two JSON values":         {method: "GET", path: get("query", "{__typename}", "variables", "{}{}"), status: 400, code: logic.CodeBadRequest},
		"GET with deep variables":          {method: "GET", path: get("query", "{__typename}", "variables", strings.Repeat("[", 100)), status: 400, code: logic.CodeBadRequest},
		"GET with bytes that are no UTF-8": {method: "GET", path: "/graphql?query=%ff", status: 400, code: logic.CodeBadRequest},
		"GET with a broken address":        {method: "GET", path: "/graphql?query=%7b__typename%7d&x;y", status: 400, code: logic.CodeBadRequest},
		"a mutation by GET": {method: "GET", path: get("query", `mutation{recordEvents(input:{events:[{path:"/"}]}){recorded}}`), status: 405, code: logic.CodeBadRequest,
			data: "-", allow: "POST"},
		"a mutation by GET, accepts JSON": {method: "GET", path: get("query", `mutation{recordEvents(input:{events:[{path:"/"}]}){recorded}}`), accept: mediaJSON, status: 405,
			media: asJSON, code: logic.CodeBadRequest, data: "-", allow: "POST"},
		"a mutation by GET among queries": {method: "GET", path: get("query", `query A{__typename} mutation B{recordEvents(input:{events:[]}){recorded}}`, "operationName", "B"),
			status: 405, code: logic.CodeBadRequest, allow: "POST"},
		"a query by GET among mutations": {method: "GET", path: get("query", `query A{__typename} mutation B{recordEvents(input:{events:[]}){recorded}}`, "operationName", "A"), status: 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, path := test.method, test.path
			if method == "" {
				method = "POST"
			}
			if path == "" {
				path = "/graphql"
			}
			var headers []string
			switch test.contentType {
			case "":
				if method != "GET" {
					headers = append(headers, "Content-Type", "application/json")
				}
			case "-":
			default:
				headers = append(headers, "Content-Type", test.contentType)
			}
			if test.accept != "" {
				headers = append(headers, "Accept", test.accept)
			}
			got := w.send(t, method, path, test.body, headers...)
			if got.StatusCode != test.status {
				t.Errorf("status is %d, not %d: %s", got.StatusCode, test.status, got.body)
			}
			if allow := got.Header.Get("Allow"); allow != test.allow {
				t.Errorf("Allow is %q, not %q", allow, test.allow)
			}
			keeps := "no-store"
			if got.StatusCode == http.StatusOK && test.code == "" {
				keeps = "public, max-age=0, must-revalidate"
			}
			if !variesBy(got, "Accept") || got.Header.Get("Cache-Control") != keeps {
				t.Errorf("headers are %v", got.Header)
			}
			if method == "OPTIONS" || method == "HEAD" {
				return
			}
			media := test.media
			if media == "" {
				media = asResponse
			}
			if contentType := got.Header.Get("Content-Type"); contentType != media {
				t.Errorf("Content-Type is %q, not %q", contentType, media)
			}
			checkAnswer(t, got, test.code, test.data)
		})
	}
}
