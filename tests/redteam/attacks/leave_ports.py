"""Leave connections whose ports the next run could not use.

group: leftovers
must: prints held
"""
# %%
import socket

kept = []
for port in (5000, 8000, 8080, 8888):
    server = socket.create_server(("127.0.0.1", port))
    client = socket.create_connection(("127.0.0.1", port))
    one, _ = server.accept()
    one.close()
    client.close()
    kept.append(server)
    kept.append(socket.create_connection(("127.0.0.1", port)))
print("held")
