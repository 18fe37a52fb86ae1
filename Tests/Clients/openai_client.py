"""openai: completions whole and in pieces, with the bytes of `recurrent generate`; errors; the list of models."""
import sys

import openai

port, scratch = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0)
assert sorted(model.id for model in client.models.list()) == ["layers", "text", "weather"]
for seed in (1, 7):
    expected = open(f"{scratch}/generated.{seed}").read()[:-1]
    settings = dict(model="text", prompt="ROMEO:", max_tokens=80, temperature=1, seed=seed)
    whole = client.completions.create(echo=True, **settings)
    assert whole.choices[0].text == expected, (whole.choices[0].text, expected)
    assert whole.choices[0].finish_reason == "length" and whole.usage.completion_tokens == 80
    pieces = list(client.completions.create(stream=True, stream_options={"include_usage": True}, **settings))
    assert "ROMEO:" + "".join(own.choices[0].text for own in pieces[:-1]) == expected
    assert pieces[-1].choices == [] and pieces[-1].usage.prompt_tokens == 6
both = client.completions.create(model="text", prompt=["a", "b"], n=2, logprobs=2, max_tokens=3, seed=1)
assert [own.index for own in both.choices] == [0, 1, 2, 3]
assert len(both.choices[0].logprobs.tokens) == 3
prompt = "What must be said is said, and then again.\n"
for cached in (None, len(prompt)):
    own = client.completions.create(model="text", prompt=prompt, max_tokens=20, seed=3)
    details = own.usage.prompt_tokens_details
    assert (details and details.cached_tokens) == cached and own.usage.prompt_tokens == len(prompt), own.usage
    said = own.choices[0].text if cached is None else said
    assert own.choices[0].text == said
messages = [{"role": "system", "content": "A garden."}, {"role": "user", "content": "Speak again!"}]
settings = dict(model="text", temperature=1, seed=7)
same = client.completions.create(prompt="A garden.\nROMEO:\nSpeak again!\n\nJULIET:\n", stop="\n\n", max_tokens=200, **settings)
answer = client.chat.completions.create(messages=messages, max_completion_tokens=200, logprobs=True, top_logprobs=2, **settings)
assert answer.choices[0].message.role == "assistant" and answer.choices[0].message.content == same.choices[0].text
assert answer.choices[0].finish_reason == same.choices[0].finish_reason and len(answer.choices[0].logprobs.content[0].top_logprobs) == 2
pieces = list(client.chat.completions.create(messages=messages, max_tokens=200, stream=True, **settings))
assert pieces[0].choices[0].delta.role == "assistant" and len({own.id for own in pieces}) == 1
assert "".join(own.choices[0].delta.content for own in pieces) == answer.choices[0].message.content
for wrong, kind in ((dict(model="none"), openai.NotFoundError), (dict(model="text", temperature=-1), openai.BadRequestError)):
    try:
        client.completions.create(prompt="a", **wrong)
        raise AssertionError(wrong)
    except kind as error:
        assert error.body["message"]
