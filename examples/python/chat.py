from openai import OpenAI

client = OpenAI(api_key="fake-api-key", base_url="http://localhost:8000")
r = client.chat.completions.create(messages=[{"role": "user", "content": "Say this is a test"}], model="gpt-1337-turbo-pro-max")
print(r.choices[0].message.content)
