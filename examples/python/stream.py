from openai import OpenAI

client = OpenAI(api_key="fake-api-key", base_url="http://localhost:8000")
for chunk in client.chat.completions.create(model="mock-gpt-model", messages=[{"role": "user", "content": "Say this is a test"}], stream=True):
    print(chunk.choices[0].delta.content or "")
