package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
)

const permissionPassword = "six rivers meet at noon"

// viewerNames are the viewers in the order in which they stand in matrix.txt.
var viewerNames = []string{
	"nobody", "READER", "AUTHOR", "EDITOR", "ADMIN",
	"POSTS_READ", "DRAFTS_READ", "POSTS_WRITE", "POSTS_PUBLISH", "USERS_READ", "USERS_WRITE", "METRICS_READ", "METRICS_WRITE",
	"CLIENTS_WRITE", "SITE_WRITE",
}

// asker is one who sends requests: with which key, as whom.
type asker struct {
	name, role string // role is empty for whoever is no person
	key, token string
	made       *[]string // how to take away what was made for the operation under way and there can't be many of
}

// world is a server with what it serves, and those who ask it.
type world struct {
	server *running
	box    *postbox
	read   operations
	ledger ledger
	phone  string // the publishable key that people come with
	admin  asker
	count  atomic.Int64

	planted map[string]string // what stands in gated values, by the word that matrix.txt has for it

	changing sync.Mutex // held by who changes something or looks whether something changes

	mu    sync.Mutex
	found map[string]string // texts of operations.txt that were asked for once
}

// answer is what came of a request.
type answer struct {
	body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// ask sends an operation, each from another network: what one network may try is no part of the matrix.
func (w *world) ask(ctx context.Context, who asker, text string) (answer, error) {
	body, media, err := bodyOf(text)
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.url+"/graphql", body)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", media)
	request.Header.Set("GraphQL-Require-Preflight", "1") // what comes with a file has to have it
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	number := w.count.Add(1)
	request.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{10, byte(number >> 16), byte(number >> 8), byte(number)}).String())
	if who.key != "" {
		request.Header.Set("X-Api-Key", who.key)
	}
	if who.token != "" {
		request.Header.Set("Authorization", "Bearer "+who.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	return readAnswer(read)
}

// bodyOf returns the body of a request for an operation, and its media type. An operation that takes a file gets a small picture.
func bodyOf(text string) (*bytes.Buffer, string, error) {
	var body bytes.Buffer
	if !strings.Contains(text, "$file: Upload!") {
		return &body, "application/json", json.NewEncoder(&body).Encode(map[string]string{"query": text})
	}
	operations, err := json.Marshal(map[string]any{"query": text, "variables": map[string]any{"file": nil}})
	if err != nil {
		return nil, "", err
	}
	form := multipart.NewWriter(&body)
	err = errors.Join(form.WriteField("operations", string(operations)), form.WriteField("map", `{"0": ["variables.file"]}`))
	if err != nil {
		return nil, "", err
	}
	file, err := form.CreateFormFile("0", "a picture.png")
	if err != nil {
		return nil, "", err
	}
	return &body, form.FormDataContentType(), errors.Join(png.Encode(file, image.NewGray(image.Rect(0, 0, 400, 2))), form.Close())
}

func readAnswer(body []byte) (answer, error) {
	given := answer{body: string(body)}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&given); err != nil {
		return answer{}, fmt.Errorf("%w in %s", err, body)
	}
	return given, nil
}

// want fills an operation for who and sends it as who; it must work. What stands behind "it" is returned, empty where nothing does.
func (w *world) want(ctx context.Context, who asker, text string) (string, error) {
	filled, err := w.fill(ctx, who, text)
	if err != nil {
		return "", err
	}
	given, err := w.ask(ctx, who, filled)
	if err != nil {
		return "", err
	}
	if len(given.Errors) > 0 || len(refusals(given.Data)) > 0 {
		return "", fmt.Errorf("%s asks %s and gets %s", who.name, filled, given.body)
	}
	for _, value := range behindIt(given.Data) {
		if value != nil {
			return fmt.Sprint(value), nil
		}
	}
	return "", nil
}

// signIn returns a person who has just signed in by the phone app.
func (w *world) signIn(ctx context.Context, name, role, login, device string) (asker, error) {
	who := asker{name: name, role: role, key: w.phone}
	token, err := w.want(ctx, who, `mutation { signIn(input: { login: "`+login+`", password: "<password>", device: "`+device+`" }) { it: token userErrors { message } } }`)
	who.token = token
	return who, err
}

// newPerson makes somebody who can sign in, with an email at example.org, and returns the username.
func (w *world) newPerson(ctx context.Context, role string) (string, error) {
	login := w.unique()
	_, err := w.want(ctx, w.admin, `mutation {
		createUser(input: { username: "`+login+`", email: "`+login+`@example.org", role: `+role+`, password: "<password>" }) { userErrors { message } }
	}`)
	return login, err
}

// twin returns somebody new who may do the same.
func (w *world) twin(ctx context.Context, who asker) (asker, error) {
	if who.role == "" {
		return who, nil
	}
	login, err := w.newPerson(ctx, who.role)
	if err != nil {
		return asker{}, err
	}
	return w.signIn(ctx, who.name, who.role, login, "a device")
}
