package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
)

// asker is whom a workload's requests come from.
type asker string

const (
	nobody asker = ""         // without any key
	script asker = "a key"    // with a secret key
	person asker = "a person" // signed in, through a client with a publishable key
)

// operator gives commands to the program, as whoever holds the data does.
type operator struct{ program, data string }

// run runs one command, with input where it reads any, and returns what it prints.
func (o operator) run(ctx context.Context, input string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, o.program, append(args, "--data", o.data, "--log-level", "error")...)
	var said bytes.Buffer
	command.Stdin, command.Stderr = strings.NewReader(input), &said
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("headwater %s: %w\n%s", strings.Join(args, " "), err, &said)
	}
	return strings.TrimSpace(string(printed)), nil
}

// access is what the askers need.
type access struct{ script, person, login, password string }

// introduce lets the askers in, and sets the limits of their clients as high as they go.
func (o operator) introduce(ctx context.Context) (access, error) {
	a := access{login: "bench", password: rand.Text()}
	limit := []string{"--requests-per-minute", "1000000"}
	for _, step := range []struct {
		input string
		args  []string
		key   *string
	}{
		{args: append([]string{"client", "change", "public"}, limit...)},
		{args: append([]string{"client", "add", "script", "--kind", "SERVER", "--scope", "ALL"}, limit...)},
		{args: append([]string{"client", "add", "reader", "--kind", "CLI", "--scope", "ALL"}, limit...)},
		{args: []string{"key", "add", "script", "--label", "bench", "--kind", "SECRET", "--scope", "ALL"}, key: &a.script},
		{args: []string{"key", "add", "reader", "--label", "bench", "--kind", "PUBLISHABLE", "--scope", "ALL"}, key: &a.person},
		{input: a.password, args: []string{"user", "add", a.login, "--email", "bench@example.org", "--role", "ADMIN"}},
	} {
		printed, err := o.run(ctx, step.input, step.args...)
		if err != nil {
			return access{}, err
		}
		if step.key != nil {
			*step.key = printed
		}
	}
	return a, nil
}

// signIn signs the person in, and returns the headers by which each asker is known.
func signIn(ctx context.Context, url string, given access) (map[asker]http.Header, error) {
	headers := map[asker]http.Header{
		nobody: {},
		script: {"X-Api-Key": {given.script}},
		person: {"X-Api-Key": {given.person}},
	}
	body, err := json.Marshal(map[string]any{
		"query":     `mutation SignIn($input: SignInInput!) { signIn(input: $input) { token } }`,
		"variables": map[string]any{"input": map[string]any{"login": given.login, "password": given.password}},
	})
	if err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if err := ask(ctx, http.DefaultClient, url, headers[person], body, &raw); err != nil {
		return nil, err
	}
	var answer struct {
		Data struct{ SignIn struct{ Token string } }
	}
	if err := json.Unmarshal(raw.Bytes(), &answer); err != nil || answer.Data.SignIn.Token == "" {
		return nil, fmt.Errorf("no session: %w, %.300s", err, raw.Bytes())
	}
	headers[person].Set("Authorization", "Bearer "+answer.Data.SignIn.Token)
	return headers, nil
}
